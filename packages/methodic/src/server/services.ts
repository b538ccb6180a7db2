import { MethodicError } from "../errors.ts";
import { reasonOf } from "../registry/problems.ts";
import type { ServiceClass } from "./options.ts";

/** Makes a service of what the author listed: an instance is taken as it is, a class is constructed with no arguments. */
export function createService(given: unknown, index: number): object {
  if (typeof given === "object" && given !== null) return given;
  if (!isClass(given)) {
    throw new MethodicError(
      "INVALID_SERVICE",
      `services[${index}] is ${given === null || given === undefined ? String(given) : `a ${typeof given}`}. List a class, or an instance of one.`,
    );
  }
  const name = given.name === "" ? `services[${index}]` : given.name;
  if (given.length > 0) {
    throw new MethodicError(
      "INVALID_SERVICE",
      `${name} needs ${given.length} constructor argument${given.length === 1 ? "" : "s"}, and a listed class is constructed with none. List an instance: services: [new ${given.name}(…)].`,
    );
  }
  try {
    return new given();
  } catch (error) {
    const reason = reasonOf(error);
    throw new MethodicError("INVALID_SERVICE", `${name} cannot be constructed: ${reason}`, { cause: error });
  }
}

function isClass(value: unknown): value is ServiceClass {
  return typeof value === "function" && typeof value.prototype === "object" && value.prototype !== null;
}
