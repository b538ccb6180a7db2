import type { PackageValues } from "../packages.ts";

const record = {
  eventVersion: "2.1",
  eventSource: "aws:s3",
  awsRegion: "us-east-2",
  eventTime: "2019-09-03T19:37:27.192Z",
  eventName: "ObjectCreated:Put",
  userIdentity: { principalId: "AWS:AIDAINPONIXQXHT3IKHL2" },
  requestParameters: { sourceIPAddress: "205.255.255.255" },
  responseElements: { "x-amz-request-id": "D82B88E5F771F645", "x-amz-id-2": "vlR7PnpV" },
  s3: {
    s3SchemaVersion: "1.0",
    configurationId: "828aa6fc",
    bucket: { name: "lambda-artifacts", ownerIdentity: { principalId: "A3I5XTEXAMAI3E" }, arn: "arn:aws:s3:::lambda" },
    object: { key: "b21b84d6", size: 1305107, eTag: "b21b", sequencer: "0C0F6F405D6ED209E1" },
  },
};

export const awsLambda: PackageValues = {
  replayS3: {
    accepted: [{ Records: [record] }],
    refused: [[{ Records: [{ ...record, s3: { ...record.s3, bucket: {} } }] }, "event.Records[0].s3.bucket.name"]],
  },
  replaySQS: {
    accepted: [
      {
        Records: [
          {
            messageId: "059f36b4",
            receiptHandle: "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
            body: "Test message.",
            attributes: {
              ApproximateReceiveCount: "1",
              SentTimestamp: "1545082649183",
              SenderId: "AIDAIENQZJOLO23YVJ4VO",
              ApproximateFirstReceiveTimestamp: "1545082649185",
            },
            messageAttributes: {},
            md5OfBody: "e4e68fb7bd0e697a0ae8f1bb342846b3",
            eventSource: "aws:sqs",
            eventSourceARN: "arn:aws:sqs:us-east-2:123456789012:my-queue",
            awsRegion: "us-east-2",
          },
        ],
      },
    ],
    refused: [[{}, "event.Records"]],
  },
  replaySchedule: {
    accepted: [
      {
        version: "0",
        id: "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        source: "aws.events",
        account: "123456789012",
        time: "2015-10-08T16:53:06Z",
        region: "us-east-1",
        resources: ["arn:aws:events:us-east-1:123456789012:rule/my-scheduled-rule"],
        detail: {},
      },
    ],
    refused: [[{ version: "0", resources: "arn" }, "event.resources"]],
  },
  lastResponse: {
    accepted: [{ statusCode: 200, headers: { "Content-Type": "text/plain", "X-Retry": true }, body: "Hello" }],
    refused: [[{ statusCode: "200", body: "" }, "statusCode"]],
  },
};
