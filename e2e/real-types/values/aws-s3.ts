import type { PackageValues } from "../packages.ts";

export const awsS3: PackageValues = {
  putObject: {
    accepted: [
      { Bucket: "examplebucket", Key: "HappyFace.jpg", Body: "text of the file", StorageClass: "STANDARD_IA" },
    ],
    refused: [
      [{ Bucket: "examplebucket", Key: 5 }, "input.Key"],
      [{ Bucket: "examplebucket", Key: "a", ACL: "everyone" }, "input.ACL"],
    ],
  },
  getObject: {
    accepted: [{ Bucket: "examplebucket", Key: "HappyFace.jpg", IfModifiedSince: "2026-01-31T12:30:00Z" }],
    refused: [[{ Bucket: "examplebucket", Key: "a", IfModifiedSince: "yesterday" }, "input.IfModifiedSince"]],
  },
  copyObject: {
    accepted: [{ Bucket: "destinationbucket", CopySource: "/sourcebucket/key", Key: "key" }],
    refused: [[{ Bucket: "b", CopySource: "/a/key", Key: "key", TaggingDirective: "MERGE" }, "input.TaggingDirective"]],
  },
  listObjects: {
    accepted: [{ Bucket: "examplebucket", MaxKeys: 2 }],
    refused: [[{ Bucket: "examplebucket", MaxKeys: "two" }, "input.MaxKeys"]],
  },
  listedObjects: {
    accepted: [
      {
        Name: "examplebucket",
        KeyCount: 1,
        Contents: [{ ETag: '"70ee"', Key: "a.jpg", LastModified: "2014-11-21T19:40:05.000Z", Size: 11 }],
      },
    ],
    refused: [[{ Contents: [{ Key: 5 }] }, "Contents[0].Key"]],
  },
};
