import type { APIGatewayProxyResult, S3Event, ScheduledEvent, SQSEvent } from "aws-lambda";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class LambdaTools {
  /** Replays an event of a bucket. */
  @tool() replayS3(event: S3Event): void {}

  /** Replays messages of a queue. */
  @tool() replaySQS(event: SQSEvent): void {}

  /** Replays an event of a schedule. */
  @tool() replaySchedule(event: ScheduledEvent): void {}

  /** Returns the latest response. */
  @tool() lastResponse(): APIGatewayProxyResult {
    return recorded();
  }
}
