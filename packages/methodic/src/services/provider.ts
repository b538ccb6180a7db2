import type { ServiceKey } from "../context/token.ts";

/** A class that a server constructs; the compiler finds out what its constructor needs. */
export type ServiceClass = new (...args: never[]) => object;

/** Provides a value that exists. It belongs to you: the server does not dispose it. */
export interface ValueProvider {
  /** The class or token that stands for the value. */
  readonly provide: ServiceKey<unknown>;
  readonly useValue: unknown;
}

/** Provides an instance of a class in place of another class, or of a token's type. */
export interface ClassProvider {
  /** The class or token that stands for the instance. */
  readonly provide: ServiceKey<unknown>;
  readonly useClass: ServiceClass;
  /** `request` makes an instance for each call that uses it. Default: one for the server. */
  readonly scope?: "request";
}

/** Provides what a function returns or resolves with. */
export interface FactoryProvider {
  /** The class or token that stands for the value. */
  readonly provide: ServiceKey<unknown>;
  /**
   * Makes the value. Its parameters are provided as those of constructors are. With the scope
   * `request`, it may take the `Context` of the call.
   */
  readonly useFactory: (...args: never[]) => unknown;
  /** `request` makes a value for each call that uses it. Default: one for the server. */
  readonly scope?: "request";
}

/**
 * An entry of the option `providers`: a class to construct, an instance, or an object that says
 * what to use for a class or token.
 */
export type Provider = ServiceClass | ValueProvider | ClassProvider | FactoryProvider | object;

/**
 * Returns the instance of a class, or a promise of it: from the container of another framework.
 */
// Containers declare their parameter with `any[]`, to which `never[]` is not assignable.
// oxlint-disable-next-line typescript/no-explicit-any
export type ResolveService = (service: new (...args: any[]) => object) => object | Promise<object>;
