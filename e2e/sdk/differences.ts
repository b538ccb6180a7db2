import type { Deviation } from "../ports/compare.ts";
import type { Path } from "./connect.ts";

/** A documented difference between the answers of the SDK's server and those of Methodic. */
export interface Difference {
  /** The places, as {@link Deviation.place}. */
  readonly at: RegExp;
  /** Matches the JSON of the value; `undefined` stands for a missing one. */
  readonly theirs: RegExp;
  readonly ours: RegExp;
  /** The ways that have it. Default: all. */
  readonly only?: Partial<Pick<Path, "sdk" | "revision" | "transport">>;
  /** The row of the page. */
  readonly text: DifferenceText;
}

/** One row of the table. */
interface DifferenceText {
  readonly what: string;
  readonly theirs: string;
  readonly ours: string;
  readonly why: string;
}

const ABSENT = /^undefined$/;
const TRUE = /^true$/;
const FALSE = /^false$/;
const HTTP = { transport: "HTTP" } as const;

const CLOSED: DifferenceText = {
  what: "unknown arguments",
  theirs: "dropped without a word; schemas are open",
  ours: "an error that lists the valid names; schemas are closed",
  why: "a misspelled optional argument must not change what a call does",
};
const REPAIRED: DifferenceText = {
  what: 'arguments of a near type: `"1"` for a number, `null` for a default',
  theirs: "an error",
  ours: "repaired, then validated again; not with `strict: true`",
  why: "models send them, and what they mean is clear",
};
const WORDING: DifferenceText = {
  what: "invalid arguments of tools and prompts",
  theirs: "the messages of zod",
  ours: "a line for each problem: where, what is expected, what was received, and the nearest valid value",
  why: "a model can correct the call from it",
};
const UNKNOWN_NAME: DifferenceText = {
  what: "unknown tools, prompts and templates",
  theirs: "`Tool x not found`",
  ours: '`Unknown tool: "x".`, with the nearest known name',
  why: "a model can correct the call from it",
};
const MASKED: DifferenceText = {
  what: "errors that a method throws, over HTTP",
  theirs: "the client sees their text",
  ours: "the client sees an ID, which is in the log; not with `maskErrors: false`, nor of a `ToolError`",
  why: "texts of errors may hold what callers must not see",
};
const TITLES: DifferenceText = {
  what: "titles",
  theirs: "only those that you write",
  ours: "derived from the names, also as `annotations.title` of tools",
  why: "some clients do not show components without one",
};
const DESCRIBED: DifferenceText = {
  what: "the answer to `prompts/get`",
  theirs: "no description",
  ours: "the description of the prompt",
  why: "MCP has a place for it",
};
const EMPTY_ARGUMENT: DifferenceText = {
  what: '`""` for an optional argument of a prompt that is not free text',
  theirs: "an error",
  ours: "absent",
  why: "clients send the empty fields of their forms",
};
const URI_DATA: DifferenceText = {
  what: "errors of resources",
  theirs: "no data",
  ours: "`data.uri` names the resource",
  why: "MCP says so of missing resources; a client that reads several can tell them apart",
};
const FAILED_RESOURCE: DifferenceText = {
  what: "a resource whose method says that it does not exist",
  theirs: "any error is -32603",
  ours: "a `ResourceError` is -32602, as for an unknown URI",
  why: "it is the request that is wrong, not the server",
};
const NO_URI: DifferenceText = {
  what: "a URI that is not one",
  theirs: "`Invalid URL`, version 2: `Resource URI x is invalid`, with a reason",
  ours: "`Resource not found: x`",
  why: "to the client it is a resource that does not exist",
};
const CURSORS: DifferenceText = {
  what: "a cursor that the server did not send",
  theirs: "ignored: the whole list",
  ours: "-32602",
  why: "MCP says so; a client that repeats a list would not end",
};
const METHODS: DifferenceText = {
  what: "an unknown method",
  theirs: "`Method not found`",
  ours: "also names the method, and those that the server answers",
  why: "for those who write clients",
};
const SUBSCRIBE: DifferenceText = {
  what: "subscriptions to resources",
  theirs: "you write the handlers",
  ours: "served, and declared where notifications can reach the client",
  why: "`server.notify` sends the updates",
};
const LIST_CHANGED: DifferenceText = {
  what: "`listChanged` over HTTP without sessions, up to 2025-11-25",
  theirs: "declared",
  ours: "not declared",
  why: "no notification could reach the client",
};
const DIALECT: DifferenceText = {
  what: "`$schema` in schemas",
  theirs: "in each schema; in version 1 it is draft 7",
  ours: "none, which means 2020-12",
  why: "the same meaning in fewer tokens",
};
const SAFE_INTEGERS: DifferenceText = {
  what: "integers",
  theirs: "the bounds of safe integers are in each schema",
  ours: "no bounds but your own",
  why: "the same meaning in fewer tokens",
};
const OPEN_OUTPUTS: DifferenceText = {
  what: "schemas of structured results",
  theirs: "closed",
  ours: "open",
  why: "a later version may add properties without breaking clients that validate",
};
const INVALID_RESULT: DifferenceText = {
  what: "a structured result that is not of its type",
  theirs: "the client sees the messages of zod",
  ours: "the client sees an ID; the log says what is wrong",
  why: "the caller cannot fix it",
};
const DECODED: DifferenceText = {
  what: "variables of resource templates",
  theirs: "as they stand in the URI: `a%20b`",
  ours: "decoded: `a b`",
  why: "RFC 6570 encodes values when it expands a template",
};
const TOTAL: DifferenceText = {
  what: "a completion without values",
  theirs: "does not say how many there are",
  ours: "`total` is 0",
  why: "the same form as every other completion",
};
const EXECUTION: DifferenceText = {
  what: "`execution` of tools",
  theirs: "version 1 says of each tool that it is not a task",
  ours: "absent, which means the same",
  why: "the same meaning in fewer tokens",
};
const ICONS: DifferenceText = {
  what: "icons of tools",
  theirs: "version 1 does not publish them",
  ours: "published",
  why: "MCP has them since 2025-11-25",
};
const UNKNOWN_TOOL_V1: DifferenceText = {
  what: "an unknown tool, in version 1",
  theirs: "a result with `isError`",
  ours: "a JSON-RPC error",
  why: "MCP says so, and version 2 does it",
};

const UNKNOWN = /unknown argument/.source;
const invalid = (kind: string): RegExp => new RegExp(`^answers/${kind} (?:missing|invalid) argument/`);

/** All differences. */
export const DIFFERENCES: readonly Difference[] = [
  { at: /Schema\/(?:.+\/)?additionalProperties$/, theirs: ABSENT, ours: FALSE, text: CLOSED },
  {
    at: new RegExp(`^answers/[a-z]+ ${UNKNOWN}/content/0/text$`),
    theirs: /Hello/,
    ours: /extra: unknown name/,
    text: CLOSED,
  },
  { at: new RegExp(`^answers/[a-z]+ ${UNKNOWN}/isError$`), theirs: ABSENT, ours: TRUE, text: CLOSED },
  { at: new RegExp(`^answers/prompt .+ ${UNKNOWN}/(?:messages|_meta)$`), theirs: /./, ours: ABSENT, text: CLOSED },
  { at: new RegExp(`^answers/prompt .+ ${UNKNOWN}/error$`), theirs: ABSENT, ours: /unknown name/, text: CLOSED },
  {
    at: /^answers\/.+ (?:null for a default|numeric string)\/content\/0\/text$/,
    theirs: /Invalid input/,
    ours: /^"(?:3|Hello, Ada!)"$/,
    text: REPAIRED,
  },
  { at: /^answers\/.+ (?:null for a default|numeric string)\/isError$/, theirs: TRUE, ours: ABSENT, text: REPAIRED },
  { at: /^answers\/.+ numeric string\/structuredContent$/, theirs: ABSENT, ours: /3/, text: REPAIRED },
  {
    at: invalid("[a-z]+"),
    theirs: /Input validation error: /,
    ours: /^"Invalid arguments for tool \w+:\\n- /,
    text: WORDING,
  },
  {
    at: /^answers\/prompt write (?:missing argument|invalid argument|without arguments)\/error\/message$/,
    theirs: /Invalid (?:input|option)/,
    ours: /^"Invalid arguments for prompt write: /,
    text: WORDING,
  },
  {
    at: /^answers\/(?:no_such_tool|prompt no_such_prompt|complete .+)\/error\/message$/,
    theirs: /not found"$/,
    ours: /^"Unknown /,
    text: UNKNOWN_NAME,
  },
  {
    at: /^answers\/(?:fail\/content\/0\/text|(?:diff:\/\/broken|prompt stuck)\/error\/message)$/,
    theirs: /The disk is full/,
    ours: /failed \(error ID in the server's log\)/,
    only: HTTP,
    text: MASKED,
  },
  { at: /\/title$/, theirs: ABSENT, ours: /^"[A-Z]/, text: TITLES },
  { at: /^tools\/[^/]+\/annotations$/, theirs: ABSENT, ours: /^\{"title":"[^"]+"\}$/, text: TITLES },
  { at: /^answers\/prompt [^/]+\/description$/, theirs: ABSENT, ours: /^"/, text: DESCRIBED },
  { at: /^answers\/prompt write empty argument\/error$/, theirs: /tone/, ours: ABSENT, text: EMPTY_ARGUMENT },
  { at: /^answers\/prompt write empty argument\/(?:messages|_meta)$/, theirs: ABSENT, ours: /./, text: EMPTY_ARGUMENT },
  { at: /^answers\/(?:diff:\/\/.+|not a uri)\/error\/data$/, theirs: ABSENT, ours: /^\{"uri":"/, text: URI_DATA },
  { at: /^answers\/diff:\/\/user\/none\/error\/code$/, theirs: /-32603/, ours: /-32602/, text: FAILED_RESOURCE },
  {
    at: /^answers\/diff:\/\/missing\/error\/message$/,
    theirs: /Resource diff:\/\/missing not found/,
    ours: /Resource not found: diff/,
    only: { sdk: "v1" },
    text: UNKNOWN_NAME,
  },
  {
    at: /^answers\/not a uri\/error\/(?:message|code|data\/reason)$/,
    theirs: /-32603|invalid|Invalid URL/,
    ours: /-32602|^undefined$|Resource not found/,
    text: NO_URI,
  },
  { at: /^answers\/.+ garbage cursor$/, theirs: TRUE, ours: /-32602/, text: CURSORS },
  {
    at: /^answers\/acme\/unknown\/error\/(?:message|data\/text)$/,
    theirs: /Method not found/,
    ours: /acme\/unknown/,
    text: METHODS,
  },
  { at: /^capabilities\/resources\/subscribe$/, theirs: ABSENT, ours: TRUE, text: SUBSCRIBE },
  {
    at: /^capabilities\/\w+\/listChanged$/,
    theirs: TRUE,
    ours: ABSENT,
    only: { ...HTTP, revision: "2025-11-25" },
    text: LIST_CHANGED,
  },
  { at: /Schema\/(?:.+\/)?\$schema$/, theirs: /json-schema\.org/, ours: ABSENT, text: DIALECT },
  { at: /^tools\/.+\/(?:minimum|maximum)$/, theirs: /^-?9007199254740991$/, ours: ABSENT, text: SAFE_INTEGERS },
  { at: /\/outputSchema\/(?:.+\/)?additionalProperties$/, theirs: FALSE, ours: ABSENT, text: OPEN_OUTPUTS },
  {
    at: /^answers\/lie\/content\/0\/text$/,
    theirs: /Output validation error/,
    ours: /its result is invalid \(error ID/,
    text: INVALID_RESULT,
  },
  { at: /^answers\/diff:\/\/user\/a%20b\/contents\/0\/text$/, theirs: /user a%20b/, ours: /user a b/, text: DECODED },
  { at: /^answers\/complete [^/]+\/completion\/total$/, theirs: ABSENT, ours: /^0$/, text: TOTAL },
  { at: /^tools\/[^/]+\/execution$/, theirs: /forbidden/, ours: ABSENT, only: { sdk: "v1" }, text: EXECUTION },
  { at: /^tools\/described\/icons$/, theirs: ABSENT, ours: /icon\.png/, only: { sdk: "v1" }, text: ICONS },
  {
    at: /^answers\/no_such_tool\/(?:content|isError)$/,
    theirs: /./,
    ours: ABSENT,
    only: { sdk: "v1" },
    text: UNKNOWN_TOOL_V1,
  },
  {
    at: /^answers\/no_such_tool\/error$/,
    theirs: ABSENT,
    ours: /Unknown tool/,
    only: { sdk: "v1" },
    text: UNKNOWN_TOOL_V1,
  },
];

/** Checks whether a documented difference explains a deviation on one way. */
export function explains({ at, theirs, ours, only = {} }: Difference, path: Path, deviation: Deviation): boolean {
  const isOnPath = Object.entries(only).every(([key, value]) => path[key as keyof Path] === value);
  const { place, original, port } = deviation;
  return (
    isOnPath && at.test(place) && theirs.test(`${JSON.stringify(original)}`) && ours.test(`${JSON.stringify(port)}`)
  );
}
