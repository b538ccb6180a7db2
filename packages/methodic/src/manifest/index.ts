export {
  DECORATOR_OPTIONS,
  type DecoratorName,
  type Descriptions,
  DESCRIPTIONS_RULE,
  isDescriptions,
  NESTED_OPTIONS,
  REFS_MODES,
  type RefsMode,
} from "./decorator-options.ts";
export { type Completable, findCompletionTargets, labelOf } from "./completion-targets.ts";
export { findDecoratorSchemaProblems } from "./check-schema.ts";
export { findHeaderProblems, HEADER_KEYWORD, isHeaderName } from "./header-parameters.ts";
export * from "./format.ts";
export {
  DESCRIBE_SERVER,
  describePrompt,
  describeResource,
  describeTool,
  type PromptArgument,
  type PromptDescription,
  type PublishedResourceOptions,
  type ResourceDescription,
  type ResourceTemplateDescription,
  type ServerDescription,
  type ToolDescription,
} from "./descriptions.ts";
export { convertByStyle, isPublicName, NAMING_STYLES, type NamingStyle, PUBLIC_NAME_RULE } from "./names.ts";
export {
  compareVersions,
  describeVersions,
  isVersion,
  sortByVersion,
  splitVersion,
  type Versioned,
  versionOf,
} from "./versions.ts";
export type * from "./revival.ts";
export type * from "./site-data.ts";
export { defineManifest, type ManifestOptions } from "./define.ts";
export { SchemaPoolWriter } from "./schema-pool.ts";
export { equal, findDuplicate, formats, memoize, ucs2length } from "./validation-runtime.ts";
export {
  COMPONENT_RULES,
  SCHEMA_RULES,
  type ComponentRule,
  type SchemaRule,
  type Violation,
} from "./client-rules/rules.ts";
export {
  MAX_PUBLISHED_SIZE,
  findDescriptionViolations,
  findNameViolations,
  findViolations,
  publishedSchemasOf,
  publishSchema,
  publishWrittenSchema,
} from "./client-rules/publish.ts";
export { readUnion, withRootType, type DiscriminatedUnion, type UnionMember } from "./discriminated-union.ts";
export { shareSchema } from "./sharing/share-schema.ts";
export { describeSize, writtenSize } from "./sharing/schema-size.ts";
export { definitionName, keepTypeName, withTypeName } from "./sharing/type-names.ts";
export {
  isAnnotation,
  isSchema,
  mapSchema,
  mapSubschemas,
  resolvePointer,
  resolveRef,
  schemaKeyword,
  subschemasOf,
  walkSchema,
} from "./schema-walk.ts";
export {
  isAbsolute,
  isTemplate,
  lowerScheme,
  parseTemplate,
  templateShape,
  type ParsedTemplate,
  type TemplatePart,
  type TemplateVariable,
} from "../uri-template/parse.ts";
export { didYouMean } from "../util/did-you-mean.ts";
