import { anthropic } from "./values/anthropic.ts";
import { awsDynamodb } from "./values/aws-dynamodb.ts";
import { awsLambda } from "./values/aws-lambda.ts";
import { awsS3 } from "./values/aws-s3.ts";
import { css } from "./values/css.ts";
import { discord } from "./values/discord.ts";
import { drizzle } from "./values/drizzle.ts";
import { estree } from "./values/estree.ts";
import { figma } from "./values/figma.ts";
import { geojson } from "./values/geojson.ts";
import { googleCalendar, googleDrive, googleSheets } from "./values/google.ts";
import { graphql } from "./values/graphql.ts";
import { hast } from "./values/hast.ts";
import { jsonSchema } from "./values/json-schema.ts";
import { kubernetes } from "./values/kubernetes.ts";
import { linear } from "./values/linear.ts";
import { lsp } from "./values/lsp.ts";
import { mdast } from "./values/mdast.ts";
import { microsoftGraph } from "./values/microsoft-graph.ts";
import { mongoose } from "./values/mongoose.ts";
import { notion } from "./values/notion.ts";
import { octokitWebhooks } from "./values/octokit-webhooks.ts";
import { octokit } from "./values/octokit.ts";
import { openai } from "./values/openai.ts";
import { openapi } from "./values/openapi.ts";
import { prisma } from "./values/prisma.ts";
import { sequelize } from "./values/sequelize.ts";
import { slackTypes } from "./values/slack-types.ts";
import { slackWebApi } from "./values/slack-web-api.ts";
import { stripe } from "./values/stripe.ts";
import { telegram } from "./values/telegram.ts";
import { typeFest } from "./values/type-fest.ts";
import { typebox } from "./values/typebox.ts";
import { typeorm } from "./values/typeorm.ts";
import { typia } from "./values/typia.ts";
import { valibot } from "./values/valibot.ts";
import { zod } from "./values/zod.ts";

/** Values of one tool: arguments for its parameter, or results. */
export interface ToolValues {
  readonly accepted: readonly unknown[];
  /** Values that are refused, each with the path that the error names. */
  readonly refused: readonly (readonly [value: unknown, path: string])[];
}

/** The values of a package's tools, by the name of the tool. */
export type PackageValues = Readonly<Record<string, ToolValues>>;

/** The values of all packages, by the name of the file in `tools`. */
export const PACKAGES: Readonly<Record<string, PackageValues>> = {
  anthropic,
  "aws-dynamodb": awsDynamodb,
  "aws-lambda": awsLambda,
  "aws-s3": awsS3,
  css,
  discord,
  drizzle,
  estree,
  figma,
  geojson,
  "google-calendar": googleCalendar,
  "google-drive": googleDrive,
  "google-sheets": googleSheets,
  graphql,
  hast,
  "json-schema": jsonSchema,
  kubernetes,
  linear,
  lsp,
  mdast,
  "microsoft-graph": microsoftGraph,
  mongoose,
  notion,
  octokit,
  "octokit-webhooks": octokitWebhooks,
  openai,
  openapi,
  prisma,
  sequelize,
  "slack-types": slackTypes,
  "slack-web-api": slackWebApi,
  stripe,
  telegram,
  "type-fest-3": typeFest,
  "type-fest-4": typeFest,
  "type-fest-5": typeFest,
  typebox,
  typeorm,
  typia,
  valibot,
  zod,
};
