export { DECORATOR_OPTIONS, type DecoratorName } from "./decorator-options.ts";
export * from "./format.ts";
export type * from "./revival.ts";
export { defineManifest, type ManifestOptions } from "./define.ts";
export { equal, findDuplicate, formats, ucs2length } from "./validation-runtime.ts";
export {
  isAnnotation,
  isSchema,
  mapSchema,
  resolveRef,
  schemaKeyword,
  subschemasOf,
  walkSchema,
} from "./schema-walk.ts";
export {
  isAbsolute,
  parseTemplate,
  type ParsedTemplate,
  type TemplatePart,
  type TemplateVariable,
} from "../uri-template/parse.ts";
export { didYouMean } from "../util/did-you-mean.ts";
