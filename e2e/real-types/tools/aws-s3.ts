import type {
  CopyObjectCommandInput,
  GetObjectCommandInput,
  ListObjectsV2CommandInput,
  ListObjectsV2Output,
  PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class S3Tools {
  /** Adds an object to a bucket. */
  @tool() putObject(input: PutObjectCommandInput): void {}

  /** Retrieves an object. */
  @tool() getObject(input: GetObjectCommandInput): void {}

  /** Copies an object. */
  @tool() copyObject(input: CopyObjectCommandInput): void {}

  /** Lists the objects of a bucket. */
  @tool() listObjects(input: ListObjectsV2CommandInput): void {}

  /** Returns the objects of the last listing. */
  @tool() listedObjects(): ListObjectsV2Output {
    return recorded();
  }
}
