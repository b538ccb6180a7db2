import { describe, expect, it } from "vitest";
import { DECORATOR_OPTIONS, type DecoratorName, NESTED_OPTIONS } from "../manifest/decorator-options.ts";
import { checkDecoratorOptions, copyOptions } from "./options.ts";

describe("DECORATOR_OPTIONS", () => {
  it.each(Object.keys(DECORATOR_OPTIONS) as DecoratorName[])("lists the options that @%s checks", (decorator) => {
    const names = DECORATOR_OPTIONS[decorator].join(", ");
    expect(() => checkDecoratorOptions(decorator, { zzz: 1 }, "run")).toThrowError(
      `unknown option 'zzz'. The options are ${names}.`,
    );
  });
});

describe("NESTED_OPTIONS", () => {
  const nested = Object.entries(NESTED_OPTIONS).flatMap(([decorator, options]) =>
    Object.entries(options).map(([option, names]) => ({ decorator: decorator as DecoratorName, option, names })),
  );

  it.each(nested)("lists the names that @$decorator checks in '$option'", ({ decorator, option, names }) => {
    const value = option === "icons" ? [{ src: "a", zzz: 1 }] : { zzz: 1 };
    expect(() => checkDecoratorOptions(decorator, { [option]: value }, "run")).toThrowError(
      `.zzz'. The options are ${names.join(", ")}.`,
    );
  });
});

describe("copyOptions", () => {
  it("keeps options that a class defines as accessors", () => {
    class Guarded {
      readonly title = "T";
      get auth(): () => boolean {
        return () => false;
      }
    }
    expect(copyOptions("tool", new Guarded())).toEqual({ title: "T", auth: expect.any(Function) as unknown });
  });

  it("keeps unknown options, which the check refuses", () => {
    expect(copyOptions("service", { auht: 1 })).toEqual({ auht: 1 });
  });

  it("keeps unknown options that a class defines as accessors", () => {
    class Misspelled {
      get auht(): () => boolean {
        return () => false;
      }
    }
    const options = copyOptions("tool", new Misspelled());
    expect(() => checkDecoratorOptions("tool", options, "run")).toThrow(
      "unknown option 'auht'. Did you mean \"auth\"?",
    );
  });
});
