import { StringType } from "ts-json-schema-generator";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { Definitions } from "./definitions.ts";
import { at, formatTypePath, UnsupportedTypeError } from "./unsupported-type.ts";

const SITE = ts.factory.createIdentifier("site");

/** Defines types that have a number of properties and use others. */
class Types {
  readonly definitions = new Definitions();

  define(name: string, properties: number, uses: () => void = () => {}): void {
    this.definitions.define({ subject: { name }, name }, () => {
      this.definitions.count(properties);
      uses();
      return new StringType();
    });
  }

  /** Reads a schema, and returns the error. */
  read(step: () => void): string | undefined {
    try {
      this.definitions.collect(SITE, step);
    } catch (error) {
      if (!(error instanceof UnsupportedTypeError)) throw error;
      return `${formatTypePath(error.path)}: ${error.problem.code} ${error.problem.text}`;
    }
    return undefined;
  }
}

describe("the number of properties of a schema", () => {
  it("is limited, and the error leads to the definition with most of them", () => {
    const types = new Types();
    const readLarge = (): void => {
      for (let i = 0; i < 50; i++) at(`part${i}`, () => types.define(`Part${i}`, 900));
    };
    const found = types.read(() => {
      at("few", () => types.define("Few", 9000));
      at("large", () => types.define("Large", 10, readLarge));
    });
    expect(found).toBe("large: MTD109 the schema has more than 50000 properties, 41410 of them here.");
  });

  it("includes what was read for another schema", () => {
    const types = new Types();
    const subject = {};
    const readShared = (): void => {
      types.definitions.define({ subject, name: "Shared" }, () => {
        types.definitions.count(30_000);
        return new StringType();
      });
    };
    expect(types.read(readShared)).toBeUndefined();
    expect(types.read(readShared)).toBeUndefined();
    const found = types.read(() => {
      at("shared", readShared);
      at("other", () => types.define("Other", 30_000));
    });
    expect(found).toBe(": MTD109 the schema has more than 50000 properties.");
  });
});
