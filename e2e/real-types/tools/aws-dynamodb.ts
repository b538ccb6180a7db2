import type {
  AttributeValue,
  CreateTableCommandInput,
  PutItemCommandInput,
  QueryCommandInput,
  QueryOutput,
} from "@aws-sdk/client-dynamodb";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class DynamoTools {
  /** Creates an item or replaces it. */
  @tool() putItem(input: PutItemCommandInput): void {}

  /** Finds items by their key. */
  @tool() query(input: QueryCommandInput): void {}

  /** Adds a table. */
  @tool() createTable(input: CreateTableCommandInput): void {}

  /** Checks an attribute. */
  @tool() checkAttribute(attribute: AttributeValue): void {}

  /** Returns the items of the last query. */
  @tool() lastItems(): Pick<QueryOutput, "Items" | "Count" | "LastEvaluatedKey"> {
    return recorded();
  }
}
