// The tests whose result may depend on the version of Node. CI runs all tests on one version and
// only these on the other; no other test depends on the version.

/** Paths of tests, as vitest takes them, each with what makes it depend on Node. */
export const NODE_DEPENDENT = {
  "packages/methodic/src": "V8: error messages, regular expressions, streams; a few seconds",
  "packages/methodic/test/http": "node:http, sockets, web streams, workers",
  "packages/methodic/test/stdio": "pipes and the end of a process",
  "packages/methodic/test/startup": "the module graph of the built package, both kinds of decorators",
  "packages/compiler/test/loader/register": "module hooks, type stripping, require() of modules",
  "packages/compiler/test/watch": "file watchers",
  "packages/cli/test/run": "the command as a process: loader, arguments, signals",
  "packages/cli/test/watch": "file watchers and Ctrl-C",
  "e2e/conformance": "the suite needs Node 22 or later",
  "e2e/load": "sockets, garbage collection and the end of a process under load",
  "examples/notes-weather/test/stdio": "both official clients over pipes",
  "examples/notes-weather/test/http": "both official clients over sockets",
};
