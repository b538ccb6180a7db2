import { describe, expect, it } from "vitest";
import { DECORATOR_OPTIONS, type DecoratorName } from "../manifest/decorator-options.ts";
import { checkDecoratorOptions } from "./options.ts";

describe("DECORATOR_OPTIONS", () => {
  it.each(Object.keys(DECORATOR_OPTIONS) as DecoratorName[])("lists the options that @%s checks", (decorator) => {
    const names = DECORATOR_OPTIONS[decorator].join(", ");
    expect(() => checkDecoratorOptions(decorator, { zzz: 1 }, "run")).toThrowError(
      `unknown option 'zzz'. The options are ${names}.`,
    );
  });
});
