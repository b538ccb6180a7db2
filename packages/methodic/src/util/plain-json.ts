/** The JSON of a value, or why the value is not the same after a round trip as JSON. */
export type PlainJson =
  | { readonly text: string | undefined; readonly problem?: undefined }
  /** Completes a sentence that starts with the value's name. */
  | { readonly problem: string };

/** Writes plain data as JSON, undefined as undefined, and finds what JSON would change. */
export function writePlainJson(value: unknown): PlainJson {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    return { problem: `is not JSON: ${String((error as Error).message)}` };
  }
  const loss = findLoss(value, "");
  return loss === undefined ? { text } : { problem: `has ${loss}, which JSON does not keep` };
}

/** Finds a value that JSON would change. The value has no cycles. */
function findLoss(value: unknown, path: string): string | undefined {
  const place = path === "" ? "" : ` at ${path}`;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${value}${place}`;
  if (typeof value === "function" || typeof value === "symbol") return `a ${typeof value}${place}`;
  if (typeof value !== "object" || value === null) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null)
    return `an instance of ${nameOf(prototype)}${place}`;
  for (const [name, item] of Object.entries(value)) {
    const problem = findLoss(item, `${path}/${name}`);
    if (problem) return problem;
  }
  return undefined;
}

function nameOf(prototype: unknown): string {
  const { constructor } = prototype as { readonly constructor?: { readonly name?: unknown } };
  return String(constructor?.name ?? "a class");
}
