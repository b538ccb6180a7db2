const handledReasons = new WeakSet<object>();

/**
 * Keeps a rejection from ending the process if the receiver forgets to await the promise, or one
 * that depends on it. The promise itself still rejects for those who do.
 */
export function markHandled<T>(promise: Promise<T>): Promise<T> {
  promise.catch((reason: unknown) => {
    if (typeof reason === "object" && reason !== null) handledReasons.add(reason);
  });
  return promise;
}

/** Checks whether an error rejected a promise that {@link markHandled} has marked. */
export function isHandledReason(error: unknown): boolean {
  return typeof error === "object" && error !== null && handledReasons.has(error);
}

/** Keeps rejections of all promises inside a value from ending the process. */
export function markAllHandled(value: unknown): void {
  // A set and not recursion: the value may be cyclic, or nested more deeply than the stack allows.
  const found = new Set<unknown>([value]);
  for (const item of found) {
    for (const inner of visit(item)) found.add(inner);
  }
}

/** Marks a promise, and returns the values inside a value. */
function visit(value: unknown): readonly unknown[] {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return [];
  try {
    if (value instanceof Promise) void markHandled(value);
    if (value instanceof Map || value instanceof Set) return [...value.values()];
    if (!(value instanceof Error)) return Object.values(value);
    // The causes of errors are not enumerable.
    return [value.cause, (value as Partial<AggregateError>).errors, ...Object.values(value)];
  } catch {
    // A getter or proxy that throws.
    return [];
  }
}
