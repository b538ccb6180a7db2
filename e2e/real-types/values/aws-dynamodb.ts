import type { PackageValues } from "../packages.ts";

const item = { Artist: { S: "No One You Know" }, Plays: { N: "12" }, Tags: { L: [{ S: "rock" }, { NULL: true }] } };

export const awsDynamodb: PackageValues = {
  putItem: {
    accepted: [{ TableName: "Music", Item: item, ReturnConsumedCapacity: "TOTAL" }],
    refused: [[{ TableName: "Music", Item: { Artist: "No One" } }, "input.Item.Artist"]],
  },
  query: {
    accepted: [
      {
        TableName: "Music",
        KeyConditionExpression: "Artist = :v1",
        ExpressionAttributeValues: { ":v1": { S: "No One You Know" } },
      },
    ],
    refused: [[{ TableName: "Music", Limit: "10" }, "input.Limit"]],
  },
  createTable: {
    accepted: [
      {
        TableName: "Music",
        AttributeDefinitions: [{ AttributeName: "Artist", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "Artist", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      },
    ],
    refused: [
      [
        { TableName: "Music", AttributeDefinitions: [{ AttributeName: "Artist", AttributeType: "X" }] },
        "input.AttributeDefinitions[0].AttributeType",
      ],
    ],
  },
  checkAttribute: {
    accepted: [{ S: "text" }, { M: { a: { BOOL: true } } }, { B: "aGVsbG8=" }],
    refused: [[{ BOOL: "yes" }, "attribute.BOOL"]],
  },
  lastItems: {
    accepted: [{ Items: [item], Count: 1 }],
    refused: [[{ Count: "1" }, "Count"]],
  },
};
