import { MethodicError } from "../errors.ts";
import {
  type AnyOptionsSpec,
  checkOptions,
  type OptionCheck,
  type OptionsSpec,
  readOptions,
  showValue,
} from "../util/check-options.ts";
import {
  acceptAny,
  checkFlag,
  checkFunction,
  checkHeartbeat,
  checkInteger,
  checkList,
  checkNested,
  checkObject,
  checkOneOf,
  checkString,
  checkNonEmptyString,
  checkTimeout,
  mustBe,
} from "../util/option-checks.ts";
import { type DecoratorName, DESCRIPTIONS_RULE, isDescriptions, REFS_MODES } from "../manifest/decorator-options.ts";
import { isVersion, VERSION_RULE } from "../manifest/versions.ts";
import { isRecord } from "../util/record.ts";
import type {
  Annotations,
  CacheHint,
  ComponentDefinition,
  ComponentOptions,
  Icon,
  ResourceOptions,
  ServiceOptions,
  StandardSchema,
  ToolAnnotations,
  ToolOptions,
} from "./definition.ts";

/** Checks a list of {@link Icon}. */
export const checkIcons: OptionCheck = checkList(
  checkNested<Icon>({
    src: { check: checkNonEmptyString, required: true },
    mimeType: checkNonEmptyString,
    sizes: checkList(checkNonEmptyString, { allowEmpty: true }),
    theme: checkOneOf("light", "dark"),
  }),
  { allowEmpty: true },
);

/** Checks a {@link CacheHint}. */
export const checkCacheHint: OptionCheck = checkNested<CacheHint>({
  ttlMs: checkInteger({ min: 0 }),
  cacheScope: checkOneOf("public", "private"),
});

const COMPONENT: OptionsSpec<ComponentOptions> = {
  // createServer checks names, so that one error reports all invalid ones.
  name: checkString,
  title: checkString,
  description: checkString,
  icons: checkIcons,
  meta: checkObject,
  timeout: checkTimeout,
  cacheHint: checkCacheHint,
  version: mustBe(VERSION_RULE, isVersion),
  tags: checkList(checkNonEmptyString, { allowEmpty: true, of: 'tags, such as ["admin"]' }),
  enabled: checkFlag,
  auth: acceptAny,
};

const TOOL: OptionsSpec<ToolOptions> = {
  ...COMPONENT,
  annotations: checkNested<ToolAnnotations>({
    title: checkString,
    readOnlyHint: checkFlag,
    destructiveHint: checkFlag,
    idempotentHint: checkFlag,
    openWorldHint: checkFlag,
  }),
  inputSchema: acceptAny,
  outputSchema: acceptAny,
  refs: checkOneOf(...REFS_MODES),
  validateOutput: checkFlag,
  descriptions: mustBe(DESCRIPTIONS_RULE, isDescriptions),
  heartbeat: checkHeartbeat,
  render: checkFunction,
};

const RESOURCE: OptionsSpec<ResourceOptions> = {
  ...COMPONENT,
  mimeType: checkNonEmptyString,
  annotations: checkNested<Annotations>({
    audience: checkList(checkOneOf("user", "assistant"), { allowEmpty: true }),
    priority: mustBe("a number from 0 to 1", (value) => typeof value === "number" && value >= 0 && value <= 1),
    lastModified: checkNonEmptyString,
  }),
  size: checkInteger({ min: 0 }),
  list: checkNonEmptyString,
  allowUnsafeVariables: checkList(checkNonEmptyString, { allowEmpty: true, of: 'variable names, such as ["path"]' }),
};

const SERVICE: OptionsSpec<ServiceOptions> = { auth: acceptAny };

// A test keeps the option names in sync with DECORATOR_OPTIONS, which the compiler checks against.
const SPECS: { readonly [decorator in DecoratorName]: AnyOptionsSpec } = {
  tool: TOOL,
  resource: RESOURCE,
  prompt: COMPONENT,
  service: SERVICE,
  completion: {},
};

/** Returns the checks of a decorator's options. */
export function optionsOf(decorator: DecoratorName): AnyOptionsSpec {
  return SPECS[decorator];
}

/**
 * Reads the argument of a component decorator: nothing, a public name, or an options object. The
 * options are checked later, when the method's name is known for messages.
 * @throws MethodicError `INVALID_DECORATOR_OPTIONS` for any other argument
 */
export function readArgument(decorator: ComponentDefinition["kind"], given: unknown): object {
  if (given === undefined) return {};
  if (typeof given === "string") return { name: given };
  if (isStandardSchema(given)) {
    refuseOptions(decorator, "got a schema instead of options", "A schema is the option 'inputSchema' of @tool.");
  }
  if (isRecord(given)) return copyOptions(decorator, given);
  return refuseOptions(
    decorator,
    `invalid options: ${showValue(given)}`,
    `Write @${decorator}(), @${decorator}("public_name") or @${decorator}({ … }).`,
  );
}

/** Copies an options object, including inherited options, so that later changes do not count. */
export function copyOptions(decorator: DecoratorName, given: object): object {
  return Object.fromEntries(readOptions(given, Object.keys(SPECS[decorator])));
}

/** Checks whether a value is a Standard Schema: an object or, as in ArkType, a function. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    "~standard" in value &&
    typeof value["~standard"] === "object"
  );
}

function refuseOptions(decorator: string, problem: string, fix: string): never {
  throw new MethodicError("INVALID_DECORATOR_OPTIONS", `@${decorator}: ${problem}. ${fix}`);
}

/**
 * Refuses unknown and invalid options of a decorator. A misspelled `auth` would leave a component
 * open to every caller.
 * @param where The decorated class or method
 * @throws MethodicError `INVALID_DECORATOR_OPTIONS`
 */
export function checkDecoratorOptions(decorator: DecoratorName, options: object, where: string): void {
  checkOptions(options, SPECS[decorator], {
    where: `@${decorator} on ${where}`,
    code: "INVALID_DECORATOR_OPTIONS",
  });
}
