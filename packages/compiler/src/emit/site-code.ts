import type ts from "typescript";
import type { SiteCall } from "../manifest.ts";
import { type GeneratedNames, type NodeChange, writeText } from "./manifest-code.ts";

/** Adds the data of a call as its second argument: the result of a function. */
export function addDataArgument(callee: string): NodeChange {
  return (visited, factory) => {
    const { expression, typeArguments, arguments: given } = visited as ts.CallExpression;
    const first = given[0] ?? factory.createVoidZero();
    const data = factory.createCallExpression(factory.createIdentifier(callee), undefined, []);
    return factory.updateCallExpression(visited as ts.CallExpression, expression, typeArguments, [first, data]);
  };
}

/** Returns the text that adds the data to a call, and its position. */
export function dataArgumentText(node: ts.CallExpression, callee: string): TextInsertion {
  const { arguments: given } = node;
  const lead = given.length === 0 ? "void 0, " : given.hasTrailingComma ? " " : ", ";
  return { position: given.end, inserted: `${lead}${callee}()` };
}

/** A text to insert into a file. */
export interface TextInsertion {
  readonly position: number;
  readonly inserted: string;
}

/**
 * Writes the functions that return the data of calls. They are hoisted, so that a call may run
 * before the end of the module, and parse their JSON once.
 */
export function siteTail(calls: readonly SiteCall[], names: Pick<GeneratedNames, "data">): string {
  return calls
    .map(({ data }, index) => {
      const name = names.data(index);
      return `function ${name}() { return ${name}.value ??= JSON.parse(${writeText(JSON.stringify(data))}); }\n`;
    })
    .join("");
}
