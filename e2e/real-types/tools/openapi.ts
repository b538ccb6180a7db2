import { tool } from "methodic";
import type { OpenAPIV2, OpenAPIV3, OpenAPIV3_1 } from "openapi-types";

export class OpenApiTools {
  /** Checks a document of OpenAPI 3. */
  @tool() checkDocument(document: OpenAPIV3.Document): void {}

  /** Checks a parameter. */
  @tool() checkParameter(parameter: OpenAPIV3.ParameterObject): void {}

  /** Checks a schema of Swagger 2. */
  @tool() checkSchema(schema: OpenAPIV2.SchemaObject): void {}
}

export class OpenApi31Tools {
  /** Checks a document of OpenAPI 3.1. */
  @tool() checkDocument31(document: OpenAPIV3_1.Document): void {}
}
