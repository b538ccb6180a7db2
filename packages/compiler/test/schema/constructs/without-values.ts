import { type, type Construct } from "./construct.ts";

/** Types some of whose parts have no values: those parts are left out. */
export const WITHOUT_VALUES: readonly Construct[] = [
  type("union with members that have no values", "number | [never] | { never: never }", {
    accepts: [1],
    rejects: [[1], { never: 1 }, "1"],
  }),
  type("intersection with a union, some of it contradictory", "Shape", {
    accepts: [{ side: 1, kind: "square", round: true }],
    rejects: [
      { side: 1, kind: "circle" },
      { side: "1", kind: "circle" },
      { side: 1, kind: "none" },
    ],
    before:
      'type Shape = { side: number } & ({ kind: "square"; side?: number; round: boolean } | { kind: "circle"; side: string } | { kind: "none"; side: object });',
  }),
  type("recursive union with a member that has no values", "Tree", {
    accepts: [{ children: [{ children: [] }] }],
    rejects: [{ leaf: "a" }, { leaf: 1 }],
    before: "type Tree = { children: Tree[] } | ({ leaf: string } & { leaf: number });",
  }),
  type("keys of a tuple", 'Exclude<keyof [1, "a"], string & keyof unknown[]>', {
    accepts: [0, 1, 7, "0", "1"],
    rejects: ["2", "map", true],
  }),
];
