/**
 * The codes of {@link MethodicError}: when each is thrown, and the fix. `docs/errors.md` lists them
 * for readers; a test keeps the two in sync. `errors.ts` imports only the type, so no program loads
 * these texts.
 */
export const ERROR_CODES = {
  INVALID_SERVER_OPTIONS: {
    when: "`createServer` or `server.serve` got an option that is unknown, missing or invalid, or the function `naming` threw.",
    fix: "Correct the option that the message names.",
  },
  INVALID_DECORATOR_OPTIONS: {
    when: "`@tool`, `@resource`, `@prompt`, `@service`, `defineTool`, `defineResource` or `definePrompt` got an unknown or invalid option, or `@completion` names a prompt, template or argument that does not exist.",
    fix: "Correct the option that the message names. A misspelled `auth` would leave the component open to every caller.",
  },
  INVALID_DECORATOR_TARGET: {
    when: "A decorator is on something other than a public method (`@tool`, `@resource`, `@prompt`, `@completion`) or a class (`@service`).",
    fix: "Move the decorator to a public method that is not static, or to a class.",
  },
  INVALID_SCHEMA: {
    when: "A schema is not a valid JSON Schema (2020-12): `inputSchema` or `outputSchema` of a tool, `arguments` of `definePrompt`, or `variables` of `defineResource`. Or the compiler could not see the schema of `@tool`.",
    fix: "Correct the schema, write it inline in the decorator call, and build again.",
  },
  INVALID_EXTENSION: {
    when: "`extension` got an invalid option, or two extensions of a server have the same id or method.",
    fix: "Correct the option that the message names, or remove one of the extensions.",
  },
  INVALID_HTTP_OPTIONS: {
    when: "`http` of `createServer`, `server.serve`, `server.nodeHandler` or `MemoryEventStore` got an unknown or invalid option.",
    fix: "Correct the option that the message names.",
  },
  INVALID_AUTH_OPTIONS: {
    when: "`auth` of a server, an authenticator such as `jwt()`, or a rule such as `requireScopes()` got an unknown or invalid option.",
    fix: "Correct the option that the message names.",
  },
  INVALID_ENVIRONMENT: {
    when: "An environment variable that configures the server has an invalid value.",
    fix: "Correct the variable that the message names, or unset it.",
  },
  INVALID_CONFIGURATION: {
    when: "`config` found environment variables that are missing or invalid. The message names all of them.",
    fix: "Set the variables. See [configuration](configuration.md).",
  },
  INVALID_ARGUMENT: {
    when: "A function or method of this package got an argument that it does not accept.",
    fix: "Pass an argument of the kind that the message names.",
  },
  MISSING_API_KEY: {
    when: "`apiKey()` found no key, and the server is to serve HTTP: neither an option nor an environment variable gives one.",
    fix: "Set `MCP_API_KEY` or `MCP_API_KEYS`, or pass `keys` or `verify`.",
  },
  MISSING_PUBLIC_URL: {
    when: "Access tokens are checked against the server's URL, but every host is allowed, so a caller could choose that URL with a `Host` header.",
    fix: "Set `publicUrl` or `MCP_PUBLIC_URL`, or give the authenticator an `audience`.",
  },
  UNSAFE_BIND: {
    when: "Other machines could reach the server, but it has no `auth` or no allowed hosts.",
    fix: 'Configure `auth` (or `"none"`, if every caller is welcome) and `allowedHosts`, or listen on `127.0.0.1`.',
  },
  ACCESS_DENIED: {
    when: "The server's own rules refuse the caller passed to `server.connect`.",
    fix: "Connect as a caller that the rules allow, or change the rules.",
  },
  INVALID_SERVICE: {
    when: "An entry of `services`, or an argument of `server.add`, is not a class or an instance, cannot be constructed, needs arguments that are unknown, or has no usable decorated method.",
    fix: "Compile the call of `createServer`, or list an instance, and decorate each method once.",
  },
  INVALID_PROVIDER: {
    when: "An entry of `providers` is not a class, an instance or `{ provide, … }`, cannot be constructed, needs arguments that are unknown, or provides what another entry does.",
    fix: "Correct or remove the entry that the message names.",
  },
  NO_CONTEXT: {
    when: "`currentContext()` was called outside of a call, or where the runtime has no `AsyncLocalStorage`.",
    fix: "Call it in code that a tool, resource or prompt runs, or pass the `Context` on.",
  },
  MISSING_PROVIDER: {
    when: "`ctx.use` got a class or token that no entry of `providers` or `services` provides.",
    fix: "Add it to `providers`, or pass a function that makes the value.",
  },
  INVALID_DEPENDENCY: {
    when: "Services, or values of a call, need each other in a cycle, or one that exists once needs one that exists for each call.",
    fix: "Remove one of the parameters or uses. Use what exists for each call in methods: `await ctx.use(Transaction)`.",
  },
  MISSING_MANIFEST: {
    when: "A class, or a call such as `createServer(…)` or `ctx.elicit<Form>(…)`, was not compiled by Methodic, has changed since, or has a decorator that the compiler cannot follow.",
    fix: "Use `methodic build`, a plugin or `methodic run`. See [how to share options](tools.md#share-options).",
  },
  MANIFEST_VERSION: {
    when: "A class was compiled by another version of `@methodic/compiler`.",
    fix: "Install the same version of `methodic` and `@methodic/compiler`, and build again.",
  },
  DUPLICATE_NAME: {
    when: "Two components of one server have the same name or URI, or two methods complete one argument.",
    fix: "Rename or remove one of them.",
  },
  INVALID_NAME: {
    when: "The public name of a tool or prompt has characters that clients refuse, or is longer than 128 characters.",
    fix: "Give the component a name with the option `name`.",
  },
  INVALID_URI: {
    when: "The URI of a resource is not absolute, is an invalid template, or does not match the method's parameters.",
    fix: "Correct the URI, and use the parameters' names for its variables.",
  },
  UNSTABLE_QUESTION: {
    when: "A method that ran again after an answer (2026-07-28) replaced its question, several times in a row.",
    fix: "Give the question a `key`, or compute what its text depends on in `ctx.step`. See [Elicitation](elicitation.md).",
  },
  STORE_FAILED: {
    when: "The store of `ctx.session` and `ctx.user` failed, has text that is not JSON, or cannot update values. `cause` is its error.",
    fix: "Check that the back end of the store can be reached. See [how to write a store](state.md#write-a-store).",
  },
  MEDIA_UNREADABLE: {
    when: "`image`, `audio` or `file` could not read its `path` or `url`: it does not exist, is too large, or its server failed.",
    fix: "Correct the path or URL, or raise `maxBytes`. See [media](tools.md#read-media-from-files-and-urls).",
  },
  CALLS_TOO_DEEP: {
    when: "Methods that call other components through their context (`ctx.callTool` …) are nested more than 16 deep.",
    fix: "Find the methods that call each other without end. See [calls of other components](context.md#call-other-components).",
  },
  STARTUP_FAILED: {
    when: "`createServer` found several problems. `cause.errors` has one error for each of them.",
    fix: "Fix each problem that the message lists.",
  },
  INVALID_COMPONENTS: {
    when: "`server.add`, or `add` of `server.tools`, `server.resources` or `server.prompts`, found several problems and added nothing. `cause.errors` has one error for each of them.",
    fix: "Fix each problem that the message lists.",
  },
  START_FAILED: {
    when: "A constructor, a factory, the option `resolve`, or an `onStart` failed while the server started. `cause` is the first error; what had started was stopped.",
    fix: "Fix the cause, and start again. `server.fetch` tries again with the next request.",
  },
  SERVER_CLOSED: {
    when: "The server was asked to serve after `close`.",
    fix: "Create another server.",
  },
  ALREADY_SERVING: {
    when: "The server already serves stdio, or already listens on this host and port.",
    fix: "Call `serve` once for each address.",
  },
  ADDRESS_IN_USE: {
    when: "Another process listens on the port.",
    fix: "Stop the other process, or choose another port.",
  },
  LISTEN_FAILED: {
    when: "The operating system refused to listen on the address.",
    fix: "Choose another address or port. `cause` has the system's error.",
  },
  MISSING_DEPENDENCY: {
    when: "An optional package that this feature needs is not installed.",
    fix: "Install the package that the message names.",
  },
} as const;
