/** Adds properties that are computed when they are first read. Copies of the object read them. */
export function addLazy<T extends object, L extends object>(
  target: T,
  computations: { readonly [K in keyof L]: () => L[K] },
): T & L {
  for (const [key, compute] of Object.entries<() => unknown>(computations)) {
    Object.defineProperty(target, key, {
      enumerable: true,
      configurable: true,
      get() {
        const value = compute();
        Object.defineProperty(target, key, { enumerable: true, value });
        return value;
      },
    });
  }
  return target as T & L;
}
