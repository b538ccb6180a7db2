import { collectMethods } from "../decorators/collect.ts";
import { serviceMarksOf } from "../decorators/service.ts";
import { MethodicError } from "../errors.ts";
import { showValue } from "../util/check-options.ts";
import { isRecord } from "../util/record.ts";

type AnyClass = { readonly name: string; readonly prototype: object };

/**
 * Checks that an object has the options of `@service`, such as `auth`, of a class. A constructor
 * may return an object of another class, which would lose them.
 * @throws MethodicError `INVALID_SERVICE`
 */
export function assertMarksKept({ prototype }: AnyClass, service: object, name: string): void {
  const kept = serviceMarksOf(service);
  if (serviceMarksOf(Object.create(prototype) as object).every((mark) => kept.includes(mark))) return;
  throw new MethodicError(
    "INVALID_SERVICE",
    `${name} has @service, but its constructor returns an object of another class: another decorator, written below it, wraps the class. Write @service next to the class.`,
  );
}

/**
 * Checks that an object has the decorated methods of a class, which the server has published
 * already. The function `resolve`, for example, may return anything.
 * @throws MethodicError `INVALID_SERVICE`
 */
export function assertMethodsKept({ prototype }: AnyClass, service: unknown, name: string): void {
  const expected = `expected an instance of ${name}`;
  if (!isRecord(service)) throw new MethodicError("INVALID_SERVICE", `${expected}, got ${showValue(service)}`);
  const lost = collectMethods(Object.create(prototype) as object).find(
    ({ methodName, definitions }) => definitions.length > 0 && typeof service[methodName] !== "function",
  );
  if (!lost) return;
  throw new MethodicError("INVALID_SERVICE", `${expected}, got an object without the method '${lost.methodName}'`);
}
