import { describe, expect, it } from "vitest";
import { writePlainJson } from "./plain-json.ts";

class Note {
  text = "";
}

describe("writePlainJson", () => {
  it.each([
    [{ a: [1, "2", null, true, { b: undefined }] }, '{"a":[1,"2",null,true,{}]}'],
    [Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
    [undefined, undefined],
  ])("writes plain data: %j", (value, text) => {
    expect(writePlainJson(value)).toEqual({ text });
  });

  it.each([
    [new Date(0), "has an instance of Date, which JSON does not keep"],
    [{ at: [new Date(0)] }, "has an instance of Date at /at/0, which JSON does not keep"],
    [{ note: new Note() }, "has an instance of Note at /note, which JSON does not keep"],
    [{ n: Number.NaN }, "has NaN at /n, which JSON does not keep"],
    [[() => 1], "has a function at /0, which JSON does not keep"],
    [new Map(), "has an instance of Map, which JSON does not keep"],
    [{ n: 1n }, expect.stringMatching(/^is not JSON: .*BigInt/)],
  ])("finds what JSON would change: %o", (value, problem) => {
    expect(writePlainJson(value)).toEqual({ problem });
  });
});
