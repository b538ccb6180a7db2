import { fileURLToPath } from "node:url";

/**
 * The Jest preset `@methodic/compiler`: compiles TypeScript with the manifests of services, whether
 * Jest runs ES modules (`NODE_OPTIONS=--experimental-vm-modules`) or CommonJS. It also finds
 * `./server.ts` for imports of `./server.js`.
 *
 * @example
 * ```ts
 * export default { preset: "@methodic/compiler" };
 * ```
 */
const preset: Readonly<Record<string, unknown>> = {
  extensionsToTreatAsEsm: [".ts", ".mts", ".tsx"],
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  testEnvironment: "node",
  transform: { "\\.[cm]?[jt]sx?$": fileURLToPath(new URL("./jest.js", import.meta.url)) },
  // In CommonJS, ES modules are converted: methodic, and jose, which it uses for tokens. In pnpm's
  // layout, the packages are below `.pnpm`.
  transformIgnorePatterns: ["/node_modules/(?!\\.pnpm/|methodic/|jose/)"],
};
export default preset;
