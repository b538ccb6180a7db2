import "reflect-metadata";
import type { AccessRules } from "../context/auth-info.ts";
import { prototypesOf } from "./collect.ts";

/** Options of {@link service}. */
export interface ServiceOptions {
  /** Who may use the components of this class and of its subclasses. The components' own rules come on top of it. */
  readonly auth?: AccessRules;
}

/** A class decorator that works in both dialects: TC39 standard decorators and TypeScript's `experimentalDecorators`. */
export type ServiceDecorator = (service: AnyClass, context?: ClassDecoratorContext<never>) => void;

/** Any class, with a private constructor too. */
interface AnyClass {
  readonly prototype: object;
}

/** What {@link service} said about one class of a service's chain. */
export interface ServiceMark {
  /** The class's name, for messages. */
  readonly className: string;
  readonly options: ServiceOptions;
}

const MARK_KEY = Symbol.for("methodic.service");
const OPTIONS: readonly string[] = ["auth"];

/**
 * Says something of all components of a class. Subclasses inherit it; what they say themselves comes on top.
 * @throws TypeError if what it decorates is no class, or an option is unknown
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
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new TypeError("@service takes its options in parentheses: @service({ auth: … }).");
  }
  // A misspelt `auth` would leave the class open to everybody.
  const unknown = Object.keys(options).find((key) => !OPTIONS.includes(key));
  if (unknown !== undefined) {
    throw new TypeError(`@service: there is no option '${unknown}'. The options are ${OPTIONS.join(", ")}.`);
  }
  return (target, ...rest: readonly unknown[]) => markService(target, rest, { ...options });
}

function markService(target: unknown, rest: readonly unknown[], options: ServiceOptions): void {
  const prototype: unknown = typeof target === "function" ? target.prototype : undefined;
  const context = rest[0] as { readonly kind?: unknown } | undefined;
  const isClass =
    typeof prototype === "object" && prototype !== null && (rest.length === 0 || context?.kind === "class");
  if (!isClass) {
    const member = typeof context === "object" ? (context as { readonly name?: unknown }).name : context;
    throw new TypeError(
      `@service on ${String(member ?? typeof target)}: it decorates classes only. Give a method its rules with its own decorator: @tool({ auth: … }).`,
    );
  }
  const { name } = target as { readonly name: string };
  const mark: ServiceMark = { className: name === "" ? "(anonymous class)" : name, options };
  // On the prototype and not on the class: what wraps a class (a proxy, say) leaves its prototype as it is.
  Reflect.defineMetadata(MARK_KEY, [...ownMarks(prototype), mark], prototype);
}

function ownMarks(prototype: object): readonly ServiceMark[] {
  const found: unknown = Reflect.getOwnMetadata(MARK_KEY, prototype);
  return Array.isArray(found) ? found : [];
}

/** What class decorators said about a service, its base classes first. */
export function serviceMarksOf(instance: object): readonly ServiceMark[] {
  return prototypesOf(instance).flatMap(ownMarks);
}
