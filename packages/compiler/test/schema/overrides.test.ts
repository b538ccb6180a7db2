import { expect, it } from "vitest";
import { compileFiles } from "./compile-files.ts";

const BASE = `import { prompt, tool } from "methodic";
export class Base {
  @tool() run(): void {}
  @prompt() ask(): string { return ""; }
  plain(): void {}
  static count(): void {}
}
export class Open<T> { @tool() put(item: T): void {} }
export abstract class Shape { abstract area(): number; @tool() name(): string { return ""; } }
export function Logged<B extends new (...args: any[]) => object>(base: B) {
  return class Logger extends base { @tool() log(): void {} };
}
`;

const DERIVED = `import { prompt, tool } from "methodic";
import { Base, Logged, Open, Shape } from "./base.ts";
export class Hides extends Base { override run(): void {} override ask(): string { return "?"; } }
export class Below extends Hides { override run(): void {} }
export class Decorates extends Base { @tool("again") override run(): void {} override plain(): void {} }
export class Filled extends Open<string> { override put(item: string): void {} }
export abstract class Abstract extends Shape { abstract override name(): string; area(): number { return 1; } }
export class Quoted extends Base { override "run"(): void {} static override count(): void {} static run(): void {} }
export class Mixed extends Logged(Base) { override log(): void {} }
`;

it("an undecorated override of a decorated method is reported, because it hides the component", () => {
  const { diagnostics } = compileFiles({ "base.ts": BASE, "derived.ts": DERIVED });
  expect(
    diagnostics.map(({ line, column, severity, code, message }) => [line, column, severity, code, message]),
  ).toEqual(
    [
      [3, 44, "Hides.run", "tool Base.run"],
      [3, 68, "Hides.ask", "prompt Base.ask"],
      [6, 53, "Filled.put", "tool Open.put"],
      [8, 45, "Quoted.run", "tool Base.run"],
      [9, 52, "Mixed.log", "tool Logger.log"],
    ].map(([line, column, method, hidden]) => [
      line,
      column,
      "warning",
      "MTD157",
      `${method}: the method hides the ${hidden}, which it overrides without a decorator.`,
    ]),
  );
  expect(diagnostics[1]?.hint).toBe("Decorate it with @prompt, or rename it.");
});
