import { describe, expect, it } from "vitest";
import { checkOptions, type OptionCheck, type OptionsSpec } from "./check-options.ts";
import {
  acceptAny,
  checkPositiveInteger,
  checkDuration,
  checkFlag,
  checkFunction,
  checkHttpUrl,
  checkInteger,
  checkList,
  checkNested,
  checkObject,
  checkOneOf,
  checkPositiveDuration,
  checkString,
  checkNonEmptyString,
  mustBe,
} from "./option-checks.ts";

interface BoatOptions {
  readonly name: string;
  readonly sails?: number;
  readonly motor?: { readonly power?: number };
  readonly key?: string;
  readonly crew?: readonly string[];
}

const BOAT: OptionsSpec<BoatOptions> = {
  name: { check: checkNonEmptyString, required: true },
  sails: checkPositiveInteger,
  motor: checkNested<NonNullable<BoatOptions["motor"]>>({ power: checkPositiveInteger }),
  key: { check: mustBe("a secret of at least 8 characters", (value) => String(value).length >= 8), secret: true },
  crew: checkList(checkNonEmptyString),
};

const build =
  (given: unknown, allowUndefined?: boolean): (() => void) =>
  () =>
    checkOptions(given, BOAT, {
      where: "buildBoat",
      code: "INVALID_HTTP_OPTIONS",
      ...(allowUndefined !== undefined && { allowUndefined }),
    });

describe("checkOptions", () => {
  it("accepts valid options and leaves undefined ones out", () => {
    expect(build({ name: "Argo", sails: 2, motor: { power: 5 }, key: undefined, crew: ["Ada"] })).not.toThrow();
  });

  it.each<[string, unknown, string]>([
    [
      "an unknown option",
      { name: "x", sials: 1 },
      "unknown option 'sials'. Did you mean \"sails\"? The options are name,",
    ],
    ["an unknown option like no other", { name: "x", q: 1 }, "unknown option 'q'. The options are name, sails, motor,"],
    ["an inherited property name", { name: "x", toString: 1 }, "unknown option 'toString'."],
    ["a missing option", {}, "missing option 'name'. It must be a non-empty string."],
    ["an undefined required option", { name: undefined }, "missing option 'name'. It must be"],
    ["an invalid value", { name: "x", sails: 0 }, "invalid option 'sails': 0. It must be an integer, 1 or more."],
    ["a nested value", { name: "x", motor: { power: "5" } }, "invalid option 'motor.power': \"5\". It must be"],
    [
      "an unknown nested option",
      { name: "x", motor: { pwoer: 5 } },
      "unknown option 'motor.pwoer'. Did you mean \"power\"",
    ],
    [
      "a nested value that is not an object",
      { name: "x", motor: true },
      "invalid option 'motor': true. Pass an object with power.",
    ],
    [
      "an entry of a list",
      { name: "x", crew: ["Ada", ""] },
      "invalid option 'crew[1]': \"\". It must be a non-empty string.",
    ],
    ["an empty list", { name: "x", crew: [] }, "invalid option 'crew': an empty array. It must be a non-empty array."],
    ["a value in place of the options", 5, "invalid options: 5. Pass an object with name, sails, motor, key, crew."],
    ["an array in place of the options", [1], "invalid options: an array. Pass an object with"],
  ])("refuses %s", (_, given, message) => {
    expect(build(given)).toThrow(expect.objectContaining({ code: "INVALID_HTTP_OPTIONS" }));
    expect(build(given)).toThrow(`buildBoat: ${message}`);
  });

  it("checks options that a class defines as accessors", () => {
    class Boat {
      readonly name = "Argo";
      get sails(): number {
        return 0;
      }
    }
    expect(build(new Boat())).toThrow("buildBoat: invalid option 'sails': 0.");
  });

  it.each<[string, object, string]>([
    [
      "an accessor of a class",
      new (class {
        readonly name = "x";
        get sials() {
          return 2;
        }
      })(),
      "'sials'. Did you mean",
    ],
    ["a prototype", Object.create({ sials: 2 }) as object, "'sials'. Did you mean"],
    ["a prototype without a prototype", Object.create(Object.assign(Object.create(null), { q: 2 })) as object, "'q'."],
    ["a key __proto__", JSON.parse('{"__proto__":{"sails":2}}') as object, "'__proto__'."],
    ["an own constructor", { constructor: 1 }, "'constructor'."],
    ["a promise of the options", Promise.resolve({ name: "x" }), "'then'."],
    ["a map of the options", new Map([["name", "x"]]), "'get'."],
  ])("refuses an unknown option of %s", (_, given, message) => {
    expect(build(given)).toThrow(`buildBoat: unknown option ${message}`);
  });

  it("finds a required option that is not enumerable, and ignores markers of tools", () => {
    const given = Object.defineProperties({}, { name: { value: "Argo" }, __esModule: { value: true } });
    expect(build(given)).not.toThrow();
  });

  it("refuses undefined values where the caller does not allow them", () => {
    expect(build({ name: "x", sails: undefined }, false)).toThrow(
      "buildBoat: invalid option 'sails': undefined. Give it a value, or leave it out.",
    );
  });

  it("never shows the value of a secret", () => {
    expect(build({ name: "x", key: "hunter2" })).toThrow(
      /^buildBoat: invalid option 'key'\. It must be a secret of at least 8 characters\.$/,
    );
  });

  it("never shows a value in place of secret options", () => {
    const check = (): void =>
      checkOptions("hunter2", BOAT, { where: "buildBoat", code: "INVALID_AUTH_OPTIONS", secret: true });
    expect(check).toThrow(/^buildBoat: invalid options\. Pass an object with name, /);
  });

  it("reports all problems, one a line", () => {
    expect(build({ sails: 0, crew: "Ada" })).toThrow(/missing option 'name'.*\n.*option 'sails': 0.*\n.*option 'crew'/);
  });
});

describe("option checks", () => {
  it.each<[string, OptionCheck, { readonly accepts: readonly unknown[]; readonly refuses: readonly unknown[] }]>([
    ["acceptAny", acceptAny, { accepts: [1, null, "x"], refuses: [] }],
    ["checkFlag", checkFlag, { accepts: [true, false], refuses: ["true", 1, null] }],
    ["checkFunction", checkFunction, { accepts: [() => 1], refuses: [{}, null] }],
    ["checkString", checkString, { accepts: ["", "x"], refuses: [1, null] }],
    ["checkNonEmptyString", checkNonEmptyString, { accepts: ["x"], refuses: ["", " ", 1] }],
    ["checkObject", checkObject, { accepts: [{}], refuses: [[], null, "x"] }],
    [
      "checkPositiveInteger",
      checkPositiveInteger,
      { accepts: [1, 1000], refuses: [0, 1.5, "1", Number.NaN, Infinity] },
    ],
    ["checkInteger", checkInteger({ min: 0, max: 65_535 }), { accepts: [0, 65_535], refuses: [-1, 65_536, 1n] }],
    ["checkOneOf", checkOneOf("a", "b"), { accepts: ["a", "b"], refuses: ["c", 1] }],
    ["checkDuration", checkDuration, { accepts: [0, 10, "30s"], refuses: [-1, "30", "25d", null] }],
    ["checkPositiveDuration", checkPositiveDuration, { accepts: [1, "1ms"], refuses: [0, "0s", "soon"] }],
    ["checkHttpUrl", checkHttpUrl, { accepts: ["http://a", new URL("https://b")], refuses: ["ftp://a", "a", 1] }],
    [
      "checkList",
      checkList(checkNonEmptyString, { allowEmpty: true }),
      { accepts: [[], ["x"]], refuses: [{}, [""], "x"] },
    ],
  ])("%s accepts and refuses what its name says", (_, check, { accepts, refuses }) => {
    for (const value of accepts) expect(check(value, "x")).toEqual([]);
    for (const value of refuses) expect(check(value, "x")).not.toEqual([]);
  });

  it.each([
    [new URL("https://a.example/b"), "https://a.example/b"],
    [new URL("https://ada:hunter2@a.example/b"), "https://ada:…@a.example/b"],
    ["ftp://ada:hunter2@a.example:21/b@c", '"ftp://ada:…@a.example:21/b@c"'],
    ["https://a.example:80/b@c", '"https://a.example:80/b@c"'],
    [{}, "an object"],
    [() => 1, "a function"],
    [Symbol("s"), "a symbol"],
    [1n, "1"],
    [null, "null"],
    ["x".repeat(500), `"${"x".repeat(127)}…"`],
  ])("show %s as %s", (value, shown) => {
    expect(checkFlag(value, "x")).toEqual([expect.objectContaining({ shown })]);
  });
});
