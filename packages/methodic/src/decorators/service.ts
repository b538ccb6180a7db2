import "reflect-metadata";
import { MethodicError } from "../errors.ts";
import { showValue } from "../util/check-options.ts";
import { isRecord } from "../util/record.ts";
import { prototypesOf } from "./collect.ts";
import type { ServiceOptions } from "./definition.ts";
import { checkDecoratorOptions, copyOptions } from "./options.ts";

/**
 * A class decorator for both dialects: TC39 standard decorators and TypeScript's
 * `experimentalDecorators`.
 */
export type ServiceDecorator = (service: AnyClass, context?: ClassDecoratorContext<never>) => void;

/** Any class, including one with a private constructor. */
interface AnyClass {
  readonly prototype: object;
}

/** The mark that {@link service} leaves on one class. */
export interface ServiceMark {
  /** The class's name, for messages. */
  readonly className: string;
  readonly options: ServiceOptions;
}

const MARK_KEY = Symbol.for("methodic.service");

/**
 * Sets options for all components of a class. Subclasses inherit them and can add their own.
 * @throws MethodicError `INVALID_DECORATOR_OPTIONS`, or `INVALID_DECORATOR_TARGET` if the decorator
 * is not on a class
 *
 * @example
 * ```ts
 * import { type AccessPredicate, service, tool } from "methodic";
 *
 * const isStaff: AccessPredicate = (auth) => auth.claims["department"] === "staff";
 *
 * @service({ auth: isStaff })
 * class Accounts {
 *   /** Close an account. *\/ @tool() close(id: string): string {
 *     return `closed ${id}`;
 *   }
 * }
 * ```
 */
export function service(options: ServiceOptions = {}): ServiceDecorator {
  if (!isRecord(options)) {
    throw new MethodicError(
      "INVALID_DECORATOR_OPTIONS",
      `@service: invalid options: ${showValue(options)}. Write @service({ auth: … }).`,
    );
  }
  return (target, ...rest: readonly unknown[]) => markService(target, rest, copyOptions("service", options));
}

function markService(target: unknown, rest: readonly unknown[], options: ServiceOptions): void {
  const prototype: unknown = typeof target === "function" ? target.prototype : undefined;
  const context = rest[0] as { readonly kind?: unknown } | undefined;
  const isClass =
    typeof prototype === "object" && prototype !== null && (rest.length === 0 || context?.kind === "class");
  if (!isClass) {
    const member = typeof context === "object" ? (context as { readonly name?: unknown }).name : context;
    throw new MethodicError(
      "INVALID_DECORATOR_TARGET",
      `@service on ${String(member ?? typeof target)}: this is not a class. Set the options of a method in its own decorator: @tool({ auth: … }).`,
    );
  }
  const { name } = target as { readonly name: string };
  const className = name === "" ? "(anonymous class)" : name;
  checkDecoratorOptions("service", options, className);
  const mark: ServiceMark = { className, options };
  // On the prototype and not on the class: a wrapper around the class, such as a proxy, leaves its
  // prototype as it is.
  Reflect.defineMetadata(MARK_KEY, [...ownMarks(prototype), mark], prototype);
}

function ownMarks(prototype: object): readonly ServiceMark[] {
  const found: unknown = Reflect.getOwnMetadata(MARK_KEY, prototype);
  return Array.isArray(found) ? found : [];
}

/** Returns the marks of a service's classes, base classes first. */
export function serviceMarksOf(instance: object): readonly ServiceMark[] {
  return prototypesOf(instance).flatMap(ownMarks);
}
