import type { Difference } from "./compare.ts";

/** The differences of every port. */
const COMMON: readonly Difference[] = [
  {
    at: /^answers\/\d+ [^]+\/(?:_meta|ttlMs|cacheScope)$/,
    only: "2026-07-28",
    original: "serves 2025-11-25",
    port: "serves 2026-07-28 as well, where results name the server and say how long they are valid",
  },
  {
    at: /(?:^|\/)description$/,
    original: "descriptions of the original",
    port: "descriptions in other words, from JSDoc",
  },
  {
    at: /Schema\/\$schema$/,
    original: "names draft 7 in each schema",
    port: "no `$schema`, which means 2020-12",
  },
  {
    at: /^tools\/[^/]+\/inputSchema(?:\/.+)?\/additionalProperties$/,
    original: "unknown arguments are dropped",
    port: "inputs are closed: unknown arguments are errors that list the valid names",
  },
  {
    at: /^tools\/[^/]+\/outputSchema(?:\/.+)?\/additionalProperties$/,
    original: "structured results are closed",
    port: "structured results may get more properties in a later version",
  },
  {
    at: /^tools\/[^/]+\/annotations\/title$/,
    original: "titles only as `title`",
    port: "titles also in the annotations, where older clients look for them",
  },
  {
    at: /^tools\/[^/]+\/execution$/,
    original: "says of each tool that it is not a task",
    port: "says nothing, which means the same",
  },
  {
    at: /^answers\/\d+ no_such_tool\/(?:content|isError|error)$/,
    original: "an unknown tool is an `isError` result",
    port: "an unknown tool is a JSON-RPC error, as the specification has it",
  },
  {
    at: /^answers\/\d+ invalid [^/]+\/content\/0\/text$/,
    original: "invalid arguments: zod's messages",
    port: "invalid arguments: one line a problem, with the expected and the received value",
  },
];

const LOGGING: Difference = {
  at: /^capabilities\/logging$/,
  original: "no logging",
  port: "may log, because its methods use the context",
};

const NOT_FOUND: Difference = {
  at: /^answers\/\d+ (?:memory:\/\/no-such-graph|demo:\/\/resource\/none)\/error\/message$/,
  original: "`Resource memory://… not found`",
  port: "`Resource not found: memory://…`",
};

export const MEMORY_DIFFERENCES: readonly Difference[] = [...COMMON, LOGGING, NOT_FOUND];

export const EVERYTHING_DIFFERENCES: readonly Difference[] = [
  ...COMMON,
  NOT_FOUND,
  {
    at: /^(?:capabilities\/tasks|tools\/simulate-research-query)$/,
    original: "has tasks of 2025-11-25, and tools that need them",
    port: "no tasks",
  },
  {
    at: /^tools\/trigger-url-elicitation\/inputSchema\/properties\/errorPath$/,
    original: "can also ask for a page by the error -32042, which only 2025-11-25 has",
    port: "asks in one way, in both eras",
  },
  {
    at: /^questions\/\d+\/elicitationId$/,
    original: "chooses the ID of a question",
    port: "the ID is random on 2025-11-25; 2026-07-28 has none",
  },
  {
    at: /^questions\/\d+\/mode$/,
    original: "leaves out the mode `form`",
    port: "names it",
  },
  {
    at: /^(?:resources|templates)\/demo:[^]+\/(?:name|title)$/,
    original: "names of resources have spaces; no titles",
    port: "names are identifiers, and titles are texts",
  },
  {
    at: /^answers\/\d+ get-(?:annotated-message|tiny-image)\/content\/1\/data$/,
    original: "the logo of MCP",
    port: "another image",
  },
  {
    at: /^answers\/\d+ (?:get-roots-list|toggle-[a-z-]+)\/content\/0\/text$/,
    original: "explains its answer",
    port: "answers in fewer words",
  },
  {
    at: /^answers\/\d+ demo:\/\/resource\/dynamic\/text\/x\/error\/(?:code|message)$/,
    original: "an invalid variable of a template is an internal error",
    port: "an invalid variable of a template is an error of the request, which names it",
  },
];

export const FILESYSTEM_DIFFERENCES: readonly Difference[] = [
  ...COMMON,
  LOGGING,
  {
    at: /^tools\/read_media_file\/outputSchema\/.+\/type\/(?:const|enum)$/,
    original: "a constant in a schema is `const`",
    port: "a constant in a schema is an `enum` of one value, which more clients read",
  },
];
