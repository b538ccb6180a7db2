import ts from "typescript";
import { ANY_EFFECT, type KnownEffect, NO_EFFECT } from "./tool-action.ts";

/** Types of the web platform whose methods only read, or change the value itself. */
const PURE_TYPES: ReadonlySet<string> = new Set(
  (
    "URL URLSearchParams Headers Request Response Body BodyMixin Blob File FormData TextEncoder TextDecoder TextDecoderStream TextEncoderStream " +
    "AbortController AbortSignal Crypto SubtleCrypto Performance Console EventTarget Event CustomEvent ReadableStream ReadableStreamDefaultReader " +
    "ReadableStreamGenericReader TransformStream CompressionStream DecompressionStream DOMException WritableStreamDefaultWriter"
  ).split(" "),
);

const PURE_FUNCTIONS: ReadonlySet<string> = new Set(
  (
    "structuredClone atob btoa setTimeout clearTimeout setInterval clearInterval setImmediate clearImmediate queueMicrotask " +
    "URL URLSearchParams Headers Request Response Blob File FormData TextEncoder TextDecoder AbortController ReadableStream " +
    "TransformStream DOMException Event CustomEvent EventTarget BroadcastChannel"
  ).split(" "),
);

/** Checks for a global function that changes nothing, whichever module declares it. */
export function isPureGlobal(name: string): boolean {
  return PURE_FUNCTIONS.has(name);
}

/** Returns the effect of a function of the platform, such as `structuredClone`. */
export function platformEffect(name: string, receiver: ts.Expression | undefined, declaration: ts.Node): KnownEffect {
  if (receiver?.getText() === "console") return NO_EFFECT;
  const { fileName } = declaration.getSourceFile();
  if (/\/lib\.(?:es|decorators|esnext)[^/]*\.d\.ts$/.test(fileName))
    return name === "eval" || name === "Function" ? ANY_EFFECT : NO_EFFECT;
  const owner = ts.findAncestor(declaration, (node) => ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node));
  const type = (owner as ts.InterfaceDeclaration | undefined)?.name?.text ?? declaredName(declaration);
  if (type !== undefined) return PURE_TYPES.has(type) ? NO_EFFECT : ANY_EFFECT;
  return PURE_FUNCTIONS.has(name) ? NO_EFFECT : ANY_EFFECT;
}

/** Returns the name of the variable that holds a static method: `URL` of `URL.canParse(…)`. */
function declaredName(declaration: ts.Node): string | undefined {
  const variable = ts.findAncestor(declaration, ts.isVariableDeclaration);
  return variable && ts.isIdentifier(variable.name) ? variable.name.text : undefined;
}
