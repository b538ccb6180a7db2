import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addServeOptions } from "./commands/run.ts";
import { findMisspelledFlag } from "./misspelled-flags.ts";

const run = addServeOptions(new Command("run"));

describe("findMisspelledFlag", () => {
  it.each([
    ["--htpp", "--http"],
    ["--htp", "--http"],
    ["--HTTP", "--http"],
    ["-http", "--http"],
    ["--prt", "--port"],
    ["--prot=3000", "--port"],
    ["--hots", "--host"],
    ["--hosts", "--host"],
    ["--pth", "--path"],
    ["--publicurl", "--public-url"],
    ["--publik-url", "--public-url"],
    ["--allowed-host", "--allow-host"],
    ["--alow-origin", "--allow-origin"],
    ["--atuh", "--auth"],
    ["--stdoi", "--stdio"],
  ])("finds %s and suggests %s", (argument, flag) => {
    const [name] = argument.split("=", 1);
    expect(findMisspelledFlag(["server.ts", argument], run)).toEqual({ name, suggestion: ` Did you mean "${flag}"?` });
  });

  it("finds a switch with a value", () => {
    expect(findMisspelledFlag(["--http=true"], run)).toEqual({
      name: "--http=true",
      suggestion: ' Did you mean "--http"?',
    });
  });

  it.each(["--http", "--port=1", "--export", "--import", "--report", "--author", "--verbose", "-v", "-", "--", "prt"])(
    "accepts %s",
    (argument) => {
      expect(findMisspelledFlag([argument], run)).toBeUndefined();
    },
  );
});
