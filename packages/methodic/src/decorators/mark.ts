import "reflect-metadata";
import { MethodicError } from "../errors.ts";
import type { MethodDefinition } from "./definition.ts";
import { checkDecoratorOptions } from "./options.ts";

/** A method of any signature. */
export type Method = (this: never, ...args: never[]) => unknown;

/** The context of a TC39 method decorator, for any type of `this`. */
export type MethodContext = ClassMethodDecoratorContext<never>;

// `Symbol.for`: two copies of this package in one process (one bundled, one installed) must
// understand each other's marks.
const MARK_KEY = Symbol.for("methodic.component");

/**
 * Returns the definitions that decorators left on this function. More than one means stacked
 * decorators, which `createServer` refuses.
 */
export function definitionsOf(method: object): readonly MethodDefinition[] {
  const found: unknown = Reflect.getOwnMetadata(MARK_KEY, method);
  return Array.isArray(found) ? found : [];
}

function addDefinition(method: object, definition: MethodDefinition): void {
  Reflect.defineMetadata(MARK_KEY, [...definitionsOf(method), definition], method);
}

/**
 * Leaves a mark on the decorated method, in either decorator dialect. The second argument
 * distinguishes them: an object with `kind` in TC39 decorators, the member's key in legacy ones.
 * @param args The decorator call's arguments, as the compiled program passes them
 * @throws MethodicError `INVALID_DECORATOR_TARGET` or `INVALID_DECORATOR_OPTIONS`
 */
export function markMethod(definition: MethodDefinition, args: readonly unknown[]): void {
  const [first, second, third] = args;
  if (isStandardContext(second)) {
    assertMarkable(definition, standardMember(second));
    addDefinition(first as object, definition);
    return;
  }
  const member = legacyMember(first, second, third);
  assertMarkable(definition, member);
  addDefinition(member.method as object, definition);
}

/** A decorated class member, read from the arguments of either dialect. */
interface DecoratedMember {
  /** The member's name, with its class if that is known, for messages. */
  readonly where: string;
  readonly kind: string;
  readonly isStatic: boolean;
  readonly isPrivate: boolean;
  /** Undefined for a class. */
  readonly key: unknown;
  readonly method?: unknown;
}

interface StandardContext {
  readonly kind: string;
  readonly name?: string | symbol;
  readonly static?: boolean;
  readonly private?: boolean;
}

function isStandardContext(value: unknown): value is StandardContext {
  return typeof value === "object" && value !== null && "kind" in value;
}

function standardMember(context: StandardContext): DecoratedMember {
  return {
    // TC39 decorators run before the class exists, so its name is unknown here.
    where: String(context.name ?? "a class"),
    kind: context.kind,
    isStatic: context.static === true,
    isPrivate: context.private === true,
    key: context.name,
  };
}

function legacyMember(target: unknown, key: unknown, descriptor: unknown): DecoratedMember {
  const isStatic = typeof target === "function";
  const owner = isStatic ? target : (target as { readonly constructor?: unknown } | null | undefined)?.constructor;
  const className = typeof owner === "function" && owner.name !== "" ? owner.name : "(anonymous class)";
  const method: unknown = (descriptor as PropertyDescriptor | undefined)?.value;
  let kind = "field";
  if (key === undefined) kind = "class";
  else if (typeof method === "function") kind = "method";
  else if (descriptor !== undefined) kind = "accessor";
  return {
    where: key === undefined ? className : `${className}.${String(key)}`,
    kind,
    isStatic,
    isPrivate: false,
    key,
    method,
  };
}

function assertMarkable(definition: MethodDefinition, member: DecoratedMember): void {
  assertPublicMethod(definition, member);
  if (definition.kind !== "completion") checkDecoratorOptions(definition.kind, definition.options, member.where);
}

function assertPublicMethod({ kind: decorator }: MethodDefinition, member: DecoratedMember): void {
  const refuse = (what: string, fix: string): never => {
    throw new MethodicError("INVALID_DECORATOR_TARGET", `@${decorator} on ${member.where}: ${what}. ${fix}`);
  };
  if (member.kind !== "method") {
    refuse(
      `cannot decorate ${/^[aeiou]/.test(member.kind) ? "an" : "a"} ${member.kind}`,
      "Write it as a method: name(…) { … }.",
    );
  }
  if (member.isStatic) refuse("a static method has no instance to run on", "Remove 'static'.");
  if (member.isPrivate) refuse("a #private method cannot be called by the server", "Remove the '#'.");
  if (typeof member.key === "symbol")
    refuse("a method named by a symbol has no name to publish", "Give it a string name.");
}
