import { Choices } from "./choices.ts";
import { TypeWriter, type WrittenType } from "./type-writer.ts";

/**
 * Another seed for a search by hand: `METHODIC_FUZZ_SEED=7 METHODIC_FUZZ_TYPES=1000 vitest run
 * test/property`.
 */
export const SEED: number = Number(process.env["METHODIC_FUZZ_SEED"] ?? 20_261_122);

/** Number of types in tests that try many. */
export const TYPES: number = Number(process.env["METHODIC_FUZZ_TYPES"] ?? 120);

/** Number of values for each of these types. With the default, they have 50,000 verdicts. */
export const VALUES: number = Number(process.env["METHODIC_FUZZ_VALUES"] ?? 160);

/** Random types, always the same for a seed; every third is one of the intricate shapes. */
export function writeTypes(count: number, seed: number = SEED): WrittenType[] {
  return Array.from({ length: count }, (_, index) => {
    const writer = new TypeWriter(new Choices(seed + index * 7919));
    return index % 3 === 2 ? writer.writeIntricate((index - 2) / 3) : writer.write();
  });
}

/** Writes a type for the report of a failure. */
export function describeType({ declarations, text }: WrittenType): string {
  return [...declarations, text].join("\n  ");
}
