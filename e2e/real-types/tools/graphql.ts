import type {
  DocumentNode,
  ExecutionResult,
  FormattedExecutionResult,
  IntrospectionQuery,
  SourceLocation,
} from "graphql";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class GraphqlTools {
  /** Points at a location. */
  @tool() pointAt(location: SourceLocation): void {}

  /** Loads a schema. */
  @tool() loadSchema(introspection: IntrospectionQuery): void {}

  /** Returns the answer to a query. */
  @tool() execute(): FormattedExecutionResult {
    return recorded();
  }

  /** Returns a parsed query. */
  @tool() parse(): DocumentNode {
    return recorded();
  }
}

export class GraphqlErrorTools {
  /** Returns an answer with its errors. */
  @tool() executeRaw(): ExecutionResult<{ viewer: { login: string } }> {
    return recorded();
  }
}
