import ts from "typescript";
import { unwrap } from "../scan/constants.ts";
import { noveltyOf } from "./new-names.ts";
import { isBookkeeping, type KnownEffect, NO_EFFECT } from "./tool-action.ts";

/** Returns the effect of a call of `fs`, which may be of a temporary, a new, or a replaced file. */
export function fileEffect(
  node: ts.CallExpression,
  { name, effect }: { readonly name: string; readonly effect: KnownEffect },
  checker: ts.TypeChecker,
): KnownEffect {
  const [first, second] = node.arguments;
  const operation = name.replace(/Sync$/, "");
  if (effect.change === undefined) return operation === "readFile" ? { isFile: true } : effect;
  const isTemporaryPath = (path: ts.Expression | undefined): boolean =>
    path !== undefined && (isBookkeeping(path.getText()) || isTemporary(path, checker));
  const isCopy = ["rename", "copyFile", "cp"].includes(operation);
  const target = isCopy ? second : first;
  if (isTemporaryPath(target)) return NO_EFFECT;
  if (target && ["writeFile", "copyFile", "cp"].includes(operation)) {
    const novelty = noveltyOf(target, checker);
    if (novelty) return { change: novelty === "random" ? "add" : "write", isCertain: true };
  }
  // The last step of a file that is replaced at once.
  if (operation === "rename" && isTemporaryPath(first)) return { ...effect, isIdempotent: true, isFile: true };
  if (operation !== "writeFile") return effect;
  // `writeFile(file, text, { flag: "a" })` keeps what is there.
  return /flag:\s*["'](?:a|wx)/.test(node.getText()) ? { change: "add", isCertain: true } : { ...effect, isFile: true };
}

/** Checks for a path below a folder for temporary files. */
function isTemporary(path: ts.Expression, checker: ts.TypeChecker): boolean {
  const node = unwrap(path);
  const declaration = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node)?.valueDeclaration : undefined;
  const initializer = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  if (initializer && isBookkeeping(initializer.getText())) return true;
  return initializer !== undefined && /\b\w+\b/.test(initializer.getText()) && ts.isCallExpression(initializer)
    ? initializer.arguments.some((argument) => ts.isIdentifier(argument) && isTemporary(argument, checker))
    : false;
}
