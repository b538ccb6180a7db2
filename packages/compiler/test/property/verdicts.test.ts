import { expect, test } from "vitest";
import { compareVerdicts, type Disagreement } from "./compiled-types.ts";
import { describeType, SEED, TYPES, VALUES, writeTypes } from "./random-types.ts";

/**
 * Reasons for which a type may be rejected: it has no values, it grows too large, or JSON Schema
 * cannot express it.
 */
const MAY_BE_REFUSED: ReadonlySet<string> = new Set(["MTD101", "MTD105", "MTD106", "MTD108", "MTD109"]);

/** Percentage of types that may be rejected. */
const REFUSED_AT_MOST = 8;

/**
 * Intended differences, listed in docs/decisions.md, are avoided by the choice of types and values:
 * brands are their primitives, and types with properties or index signatures accept JSON objects
 * only, not arrays. Another seed may still meet one of these. Undefined, which JSON lacks, is
 * restored before TypeScript judges; enums are judged by their values.
 */

/** Types in one program: the memory of a long search is bounded. */
const BATCH = 200;

/** Two programs of this size take a few seconds; a manual search may be much larger. */
const TIMEOUT = 60_000 + TYPES * 1000;

/** The smallest types first: they show a problem best. */
function report(disagreements: readonly Disagreement[]): string {
  const bySize = [...disagreements].sort((a, b) => describeType(a.type).length - describeType(b.type).length);
  return bySize
    .slice(0, 5)
    .map(
      ({ type, direction, value, typescript, validator, schema }) =>
        `${describeType(type)}\n  ${direction} ${JSON.stringify(value)}: TypeScript says ${typescript}, the validator ${validator}, the schema ${schema}`,
    )
    .join("\n\n");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

test.for([false, true])(
  "schemas judge values as TypeScript does, and published ones follow the rules of clients (exactOptionalPropertyTypes: %s)",
  { timeout: TIMEOUT },
  async (exactOptionalPropertyTypes, { annotate }) => {
    const types = writeTypes(TYPES);
    const comparisons = Array.from({ length: Math.ceil(TYPES / BATCH) }, (_, index) =>
      compareVerdicts(types.slice(index * BATCH, (index + 1) * BATCH), {
        seed: SEED + index * BATCH,
        valuesPerType: VALUES,
        exactOptionalPropertyTypes,
      }),
    );
    const [disagreements, refused, invalid] = [
      comparisons.flatMap((comparison) => comparison.disagreements),
      comparisons.flatMap((comparison) => comparison.refused),
      comparisons.flatMap((comparison) => comparison.invalid),
    ];
    const [narrowed, brokenRules] = [
      comparisons.flatMap((comparison) => comparison.narrowed),
      comparisons.flatMap((comparison) => comparison.brokenRules),
    ];
    const compared = sum(comparisons.map((comparison) => comparison.compared));
    const rejections = sum(comparisons.map((comparison) => comparison.rejections));
    await annotate(`${compared} verdicts, ${rejections} of them rejections; ${refused.length} types refused`);
    expect(invalid.map((type) => describeType(type))).toEqual([]);
    expect(disagreements.length, `With seed ${SEED}:\n${report(disagreements)}`).toBe(0);
    expect(narrowed.map(({ type, value }) => `${describeType(type)}: ${JSON.stringify(value)}`)).toEqual([]);
    expect(brokenRules).toEqual([]);
    expect(refused.filter(({ code }) => !MAY_BE_REFUSED.has(code))).toEqual([]);
    expect((refused.length / types.length) * 100).toBeLessThan(REFUSED_AT_MOST);
    // Values that are all valid, or all invalid, would test nothing.
    expect(compared).toBeGreaterThan(types.length * 10);
    expect(rejections / compared).toBeGreaterThan(0.3);
    expect(rejections / compared).toBeLessThan(0.8);
  },
);
