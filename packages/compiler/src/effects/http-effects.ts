import ts from "typescript";
import { readConstant, unwrap } from "../scan/constants.ts";
import { findOption, isWrittenOut } from "../scan/decorator-options.ts";
import type { Scope } from "../scan/scope.ts";
import { isGraphqlQuery } from "./effect-names.ts";
import { type KnownEffect, NO_EFFECT } from "./tool-action.ts";

/** Packages of clients whose methods are named for those of HTTP. */
const CLIENTS: ReadonlySet<string> = new Set(["axios", "ky", "got", "undici", "node-fetch", "cross-fetch", "ofetch"]);

/** Node's modules, whose `request` takes the method in its options. */
const MODULES: ReadonlySet<string> = new Set(["http", "https"]);

/** Methods of responses and functions that make clients. */
const HARMLESS: ReadonlySet<string> = new Set(
  (
    "json text buffer arrayBuffer blob formData bytes create extend dump isAxiosError isCancel setGlobalDispatcher on once end " +
    "setEncoding resume getUri use eject toFormData spread all stringify write setHeader setTimeout"
  ).split(" "),
);

const REQUESTS: ReadonlySet<string> = new Set([
  "fetch",
  "request",
  "stream",
  "axios",
  "ky",
  "got",
  "ofetch",
  "default",
  "raw",
]);

/** Lists the names of functions and methods that send requests. */
export function listRequestNames(): string[] {
  return [...REQUESTS, "head", "options", "post", "put", "patch", "delete"];
}

/** A call that may be a request. */
export interface HttpCall {
  readonly node: ts.CallExpression;
  /** The last name of the callee. */
  readonly name: string;
  /** The module or package that declares it. */
  readonly module: string | undefined;
  /** It is the `fetch` of the platform. */
  readonly isPlatform: boolean;
  readonly scope: Scope;
  /** Checks whether a value is an argument of the tool. */
  readonly isOfCaller: (expression: ts.Expression) => boolean;
}

/** Returns the effect of a request; undefined for other calls. */
export function httpEffect(call: HttpCall): KnownEffect | undefined {
  const { name, module = "", isPlatform, node } = call;
  const isClient = CLIENTS.has(module);
  if (!isPlatform && !isClient && !MODULES.has(module)) return undefined;
  if (!isPlatform && HARMLESS.has(name)) return NO_EFFECT;
  const method = /^(?:get|head|options|post|put|patch|delete)$/.test(name) && !isPlatform ? name : undefined;
  if (method === undefined && !REQUESTS.has(name))
    return isPlatform ? undefined : { change: "unknown", reach: "outside" };
  const [first, second] = node.arguments;
  const options = [second, first].filter((argument) => argument !== undefined && !ts.isStringLiteralLike(argument));
  const read = method ?? readMethod(options, call);
  return { ...effectOfMethod(read, node), ...reachOf(first, call) };
}

function effectOfMethod(method: string | undefined, node: ts.CallExpression): KnownEffect {
  switch (method?.toUpperCase()) {
    case "GET":
    case "HEAD":
    case "OPTIONS":
      return NO_EFFECT;
    case "PUT":
      return { change: "overwrite", isIdempotent: true, isCertain: true };
    case "PATCH":
      return { change: "overwrite", isCertain: true };
    case "DELETE":
      return { change: "delete", isIdempotent: true, isCertain: true };
    default: {
      const text = node.getText();
      if (isGraphqlQuery(text)) return NO_EFFECT;
      // A search may be a POST too.
      const isMutation = /graphql/i.test(text) && /["'`]\s*mutation\b/.test(text);
      return isMutation ? { change: "write", isCertain: true } : { change: "unknown" };
    }
  }
}

/** Returns the HTTP method of a request; undefined if only the running program knows it. */
function readMethod(options: readonly (ts.Expression | undefined)[], { scope }: HttpCall): string | undefined {
  for (const option of options) {
    if (!option || ts.isTemplateExpression(unwrap(option))) continue;
    const found = findOption(option, "method", scope);
    if (!found) continue;
    const value = ts.isShorthandPropertyAssignment(found) ? scope.valueOfName(found.name)?.expression : found;
    const method = value && readConstant(value as ts.Expression, scope)?.value;
    return typeof method === "string" ? method : undefined;
  }
  const [last] = options;
  if (!last || isAddress(last, scope)) return "GET";
  return isWrittenOut(last, scope) ? "GET" : undefined;
}

/** Checks for an expression that is an address, not options. */
function isAddress(expression: ts.Expression, { checker }: Scope): boolean {
  const type = checker.getTypeAtLocation(expression);
  const members = type.isUnion() ? type.types : [type];
  return members.every(({ flags, symbol }) => (flags & ts.TypeFlags.StringLike) !== 0 || symbol?.name === "URL");
}

/** Hosts of this machine and of private networks. */
const PRIVATE_HOST =
  /^(?:localhost|[\w-]+|.*\.(?:local|localhost|internal|lan|home|corp|test|example|invalid)|0\.0\.0\.0|127\..*|10\..*|192\.168\..*|172\.(?:1[6-9]|2\d|3[01])\..*|169\.254\..*|\[.*)$/i;

const LOOPBACK = /^(?:localhost|127\.|\[::1\])/i;

/** Returns the reach of a request by its address. */
function reachOf(address: ts.Expression | undefined, call: HttpCall): KnownEffect {
  if (!address) return { reach: "outside" };
  const start = startOf(address, call.scope);
  const host = typeof start === "string" ? /^(?:https?|wss?):\/\/([^/:?#]*)(?=[/:?#]|$)/i.exec(start)?.[1] : undefined;
  if (host !== undefined && host !== "") {
    if (LOOPBACK.test(host)) return { reach: "own" };
    return PRIVATE_HOST.test(host) ? { reach: "unknown" } : { reach: "outside", isOutside: true };
  }
  const isCallers = typeof start !== "string" && call.isOfCaller(start);
  return { reach: "outside", ...(isCallers && { isOutside: true }) };
}

/** Maximum length of a chain of names. */
const MAX_DEPTH = 16;

/** Returns the text with which an address starts, or the expression that it starts with. */
function startOf(address: ts.Expression, scope: Scope, depth = 0): string | ts.Expression {
  const node = unwrap(address);
  if (depth > MAX_DEPTH) return node;
  const constant = readConstant(node, scope)?.value;
  if (typeof constant === "string") return constant;
  if (ts.isTemplateExpression(node)) {
    const [span] = node.templateSpans;
    const { text } = node.head;
    if (!span || !/^(?:https?:\/\/)?$/i.test(text)) return text;
    const start = startOf(span.expression, scope, depth + 1);
    return typeof start === "string" ? `${text}${start}${span.literal.text}` : start;
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return startOf(node.left, scope, depth + 1);
  if (ts.isNewExpression(node) && node.expression.getText() === "URL") {
    const [path, base] = node.arguments ?? [];
    const first = base ?? path;
    return first ? startOf(first, scope, depth + 1) : node;
  }
  if (!ts.isIdentifier(node)) return node;
  const value = scope.valueOfName(node)?.expression;
  return value && value !== node ? startOf(value, scope, depth + 1) : node;
}
