import { serviceMarksOf } from "../decorators/service.ts";
import { MethodicError, reasonOf } from "../errors.ts";
import { showValue } from "../util/check-options.ts";
import type { StartupErrors } from "../registry/startup-errors.ts";
import type { ServerOptions, ServiceClass } from "./options.ts";

/** Creates the services of a server. Collects errors, also of invalid options. */
export function createServices(options: unknown, errors: StartupErrors): readonly object[] {
  const { services } = Object(options) as Partial<ServerOptions>;
  const created = Array.isArray(services)
    ? services.map((given, index) => errors.attempt(() => createService(given, index)))
    : [];
  return created.filter((service) => service !== undefined);
}

/**
 * Returns the service for an entry of the option `services`: an instance as it is, a class
 * constructed without arguments.
 * @throws MethodicError `INVALID_SERVICE`
 */
function createService(given: unknown, index: number): object {
  if (typeof given === "object" && given !== null) return given;
  if (!isClass(given)) {
    throw new MethodicError(
      "INVALID_SERVICE",
      `Invalid services[${index}]: ${showValue(given)}. List a class or an instance of one.`,
    );
  }
  const name = given.name === "" ? `services[${index}]` : given.name;
  if (given.length > 0) {
    throw new MethodicError(
      "INVALID_SERVICE",
      `${name} needs ${given.length} constructor argument${given.length === 1 ? "" : "s"}, but createServer passes none. List an instance: services: [new ${given.name}(…)].`,
    );
  }
  const service = construct(given, name);
  assertMarksKept(given, service, name);
  return service;
}

function construct(given: ServiceClass, name: string): object {
  try {
    return new given();
  } catch (error) {
    throw new MethodicError("INVALID_SERVICE", `${name} cannot be constructed: ${reasonOf(error)}`, { cause: error });
  }
}

/**
 * A constructor may return an object of another class, which would lose the options of `@service`,
 * such as `auth`.
 */
function assertMarksKept({ prototype }: { readonly prototype: object }, service: object, name: string): void {
  const kept = serviceMarksOf(service);
  if (serviceMarksOf(Object.create(prototype) as object).every((mark) => kept.includes(mark))) return;
  throw new MethodicError(
    "INVALID_SERVICE",
    `${name} has @service, but its constructor returns an object of another class: another decorator, written below it, wraps the class. Write @service next to the class.`,
  );
}

function isClass(value: unknown): value is ServiceClass {
  return typeof value === "function" && typeof value.prototype === "object" && value.prototype !== null;
}
