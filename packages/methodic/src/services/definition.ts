import { isToken } from "../context/token.ts";
import { MethodicError, type MethodicErrorCode } from "../errors.ts";
import { describeProblem, findOptionProblems, type OptionsSpec, showValue } from "../util/check-options.ts";
import { acceptAny, checkFunction, checkOneOf, mustBe } from "../util/option-checks.ts";
import type { ClassProvider, FactoryProvider, ServiceClass, ValueProvider } from "./provider.ts";

/** The two options of a server that list entries. */
export type EntryList = "services" | "providers";

/** An entry of `services` or `providers`, as it is given. */
export interface EntryDefinition {
  readonly list: EntryList;
  /** The class or token, or the position, such as `providers[2]`, for messages. */
  readonly name: string;
  /** `providers[2]` */
  readonly place: string;
  /** The class or token that stands for the value; undefined for an instance. */
  readonly key: object | undefined;
  readonly source: EntrySource;
  /** True if each call gets a separate value. */
  readonly isPerRequest: boolean;
}

/** The origin of an entry's value. */
export type EntrySource =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "class"; readonly class: ServiceClass }
  | { readonly kind: "factory"; readonly factory: (...args: readonly unknown[]) => unknown }
  /** The Context of a call. */
  | { readonly kind: "context" };

type ObjectForm = ValueProvider & ClassProvider & FactoryProvider;

const USES = ["useValue", "useClass", "useFactory"] as const;

const OBJECT_FORM: OptionsSpec<ObjectForm> = {
  provide: {
    check: mustBe("a class, or a token from token()", (value) => isClass(value) || isToken(value)),
    required: true,
  },
  useValue: acceptAny,
  useClass: mustBe("a class", isClass),
  useFactory: checkFunction,
  scope: checkOneOf("request"),
};

/** Reads an entry of the option `services`. @throws MethodicError `INVALID_SERVICE` */
export function readService(given: unknown, index: number): EntryDefinition {
  return readPlain(given, { list: "services", place: `services[${index}]`, expected: "a class or an instance of one" });
}

/** Reads an entry of the option `providers`. @throws MethodicError `INVALID_PROVIDER` */
export function readProvider(given: unknown, index: number): EntryDefinition {
  const place = `providers[${index}]`;
  if (isObjectForm(given)) return readObjectForm(given, place);
  const expected = "a class, an instance, or { provide: …, useValue | useClass | useFactory: … }";
  return readPlain(given, { list: "providers", place, expected });
}

interface EntryPlace {
  readonly list: EntryList;
  readonly place: string;
  /** The values that are accepted here, for the message. */
  readonly expected: string;
}

/** Reads a class or an instance. */
function readPlain(given: unknown, { list, place, expected }: EntryPlace): EntryDefinition {
  const common = { list, place, isPerRequest: false };
  if (isClass(given)) {
    return { ...common, name: given.name || place, key: given, source: { kind: "class", class: given } };
  }
  if (typeof given !== "object" || given === null) {
    throw new MethodicError(codeFor(list), `Invalid ${place}: ${showValue(given)}. List ${expected}.`);
  }
  const { constructor } = given;
  const name = isClass(constructor) && constructor !== Object ? constructor.name : "";
  return { ...common, name: name || place, key: undefined, source: { kind: "value", value: given } };
}

function isObjectForm(given: unknown): given is Partial<ObjectForm> {
  return typeof given === "object" && given !== null && ["provide", ...USES].some((key) => Object.hasOwn(given, key));
}

function readObjectForm(given: Partial<ObjectForm>, place: string): EntryDefinition {
  const problems = findOptionProblems(given, OBJECT_FORM);
  if (problems.length > 0) {
    throw new MethodicError("INVALID_PROVIDER", problems.map((problem) => describeProblem(problem, place)).join("\n"));
  }
  const { provide, useValue, useClass, useFactory, scope } = given as ObjectForm;
  const { name } = provide;
  const used = USES.filter((key) => Object.hasOwn(given, key));
  if (used.length !== 1) {
    const shown = used.length === 0 ? "" : `, not ${used.join(" and ")}`;
    throw new MethodicError("INVALID_PROVIDER", `${place} (${name}) needs one of ${USES.join(", ")}${shown}.`);
  }
  const isPerRequest = scope === "request";
  if (isPerRequest && used[0] === "useValue") {
    throw new MethodicError(
      "INVALID_PROVIDER",
      `${place} (${name}): a value exists once, so it cannot have the scope "request". Make it in useFactory.`,
    );
  }
  const source: EntrySource =
    used[0] === "useValue"
      ? { kind: "value", value: useValue }
      : used[0] === "useClass"
        ? { kind: "class", class: useClass }
        : { kind: "factory", factory: useFactory as (...args: readonly unknown[]) => unknown };
  return { list: "providers", place, name: name || place, key: provide, source, isPerRequest };
}

/** Returns the error code for a mistake in a list. */
export function codeFor(list: EntryList): MethodicErrorCode {
  return list === "services" ? "INVALID_SERVICE" : "INVALID_PROVIDER";
}

function isClass(value: unknown): value is ServiceClass {
  return typeof value === "function" && typeof value.prototype === "object" && value.prototype !== null;
}
