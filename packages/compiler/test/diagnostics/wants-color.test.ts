import { expect, it } from "vitest";
import { wantsColor } from "../../src/diagnostics/wants-color.ts";

const terminal = { isTTY: true };
const pipe = {};

it.each([
  ["a terminal", terminal, {}, true],
  ["a pipe", pipe, {}, false],
  ["a terminal without colors", terminal, { TERM: "dumb" }, false],
  ["NO_COLOR on a terminal", terminal, { NO_COLOR: "1" }, false],
  ["an empty NO_COLOR, which counts as none", terminal, { NO_COLOR: "" }, true],
  ["FORCE_COLOR in a pipe", pipe, { FORCE_COLOR: "1" }, true],
  ["FORCE_COLOR=0 on a terminal", terminal, { FORCE_COLOR: "0" }, false],
  ["FORCE_COLOR against NO_COLOR", pipe, { FORCE_COLOR: "3", NO_COLOR: "1" }, true],
])("%s decides about colors", (...[, stream, env, expected]) => {
  expect(wantsColor(stream, env)).toBe(expected);
});
