import type { JSONSchema4, JSONSchema6, JSONSchema7 } from "json-schema";
import { tool } from "methodic";

export class JsonSchemaTools {
  /** Checks a schema of draft 4. */
  @tool() checkDraft4(schema: JSONSchema4): void {}

  /** Checks a schema of draft 6. */
  @tool() checkDraft6(schema: JSONSchema6): void {}

  /** Checks a schema of draft 7. */
  @tool() checkDraft7(schema: JSONSchema7): void {}
}
