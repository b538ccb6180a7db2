import ts from "typescript";
import { unwrap } from "../scan/constants.ts";
import { listRequestNames } from "./http-effects.ts";
import { listChangingNames } from "./known-packages.ts";
import { runsSql, runsStatement } from "./sql-effects.ts";

/** Names of the standard library that some package has, too, but hardly ever in a tool. */
const STANDARD: ReadonlySet<string> = new Set(["values", "all", "get", "first", "none", "any"]);

/** Methods of arrays, strings, promises and the like, which nearly always are the standard ones. */
const STANDARD_METHODS: ReadonlySet<string> = new Set(
  (
    "map filter forEach reduce reduceRight some every find findIndex findLast findLastIndex flatMap flat join slice splice " +
    "concat includes indexOf lastIndexOf sort toSorted reverse toReversed fill keys entries push pop shift unshift at trim " +
    "trimStart trimEnd toUpperCase toLowerCase split replace replaceAll startsWith endsWith padStart padEnd charAt charCodeAt " +
    "codePointAt substring repeat match matchAll test localeCompare normalize toString toFixed toISOString toLocaleString getTime " +
    "stringify parse isArray from of assign freeze fromEntries then catch finally allSettled race resolve reject floor ceil round " +
    "trunc min max abs pow sqrt now random log info warn error debug has json text toJSON"
  ).split(" "),
);

/** Checks by its name for a call of the standard library. */
export function isStandardCall({ expression }: ts.CallExpression | ts.NewExpression): boolean {
  const callee = unwrap(expression);
  return ts.isPropertyAccessExpression(callee) && STANDARD_METHODS.has(callee.name.text);
}

let changing: ReadonlySet<string> | undefined;

/**
 * Checks by its name whether a call of a package may have an effect that is certain. This is cheap;
 * resolving the call is not.
 */
export function mayBeCertain(node: ts.CallExpression | ts.NewExpression | ts.TaggedTemplateExpression): boolean {
  if (ts.isTaggedTemplateExpression(node)) return true;
  if (ts.isNewExpression(node)) return false;
  const callee = unwrap(node.expression);
  if (!ts.isPropertyAccessExpression(callee)) return !ts.isIdentifier(callee) || isKnown(callee.text);
  const { text } = callee.name;
  if (!STANDARD.has(text)) return isKnown(text);
  // `this.#notes.get(name)` reads a map; a statement may return what it inserts.
  const owner = callee.expression.getText();
  return owner.includes("prepare(") || (text === "get" && /^(?:axios|ky|got|https?)$/.test(owner));
}

function isKnown(name: string): boolean {
  changing ??= new Set([...listChangingNames(), ...listRequestNames(), "send"]);
  return changing.has(name) || changing.has(name.replace(/Sync$/, "")) || runsSql(name) || runsStatement(name);
}
