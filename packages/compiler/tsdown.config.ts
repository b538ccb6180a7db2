import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { defineConfig, type UserConfig } from "tsdown";

const require = createRequire(import.meta.url);

/**
 * Loads TypeScript with `require`. For an `import`, Node reads its nine megabytes two more times
 * before running them, to detect the format and to list the exports, which takes longer than
 * running them.
 */
const requireTypeScript: NonNullable<UserConfig["plugins"]> = {
  name: "require-typescript",
  resolveId: {
    order: "pre",
    filter: { id: /^typescript$/ },
    handler: (id, importer) => (isDeclaration(importer) ? undefined : { id: `\0require:${id}` }),
  },
  load: {
    filter: { id: /^\0require:/ },
    // TypeScript has thousands of exports, and every importer uses only its default export.
    handler: () =>
      `import { createRequire } from "node:module";\nexport default createRequire(import.meta.url)("typescript");\n`,
  },
};

/**
 * Bundles the schema generator from its TypeScript sources, of which only what we import remains.
 * As a dependency, it would not install without a warning on Node 20 (its `engines` say 22, though
 * its code runs there), and would bring its command line's packages.
 */
const bundleSchemaGenerator: NonNullable<UserConfig["plugins"]> = {
  name: "bundle-schema-generator",
  resolveId: {
    order: "pre",
    filter: { id: /^ts-json-schema-generator$/ },
    handler: (id, importer) =>
      isDeclaration(importer)
        ? undefined
        : { id: join(dirname(require.resolve(`${id}/package.json`)), "index.ts"), moduleSideEffects: false },
  },
};

function isDeclaration(file: string | undefined): boolean {
  return file !== undefined && /\.d\.[cm]?ts/.test(file);
}

const config: UserConfig = defineConfig({
  entry: {
    index: "src/index.ts",
    bundle: "src/bundle/bundle.ts",
    cached: "src/build/cached.ts",
    register: "src/loader/register.ts",
    bun: "src/loader/bun.ts",
    esbuild: "src/plugins/esbuild.ts",
    jest: "src/plugins/jest.ts",
    "jest-preset": "src/plugins/jest-preset.ts",
    rolldown: "src/plugins/rolldown.ts",
    rollup: "src/plugins/rollup.ts",
    tsdown: "src/plugins/tsdown.ts",
    vite: "src/plugins/vite.ts",
    webpack: "src/plugins/webpack.ts",
    // Not package exports: Node's hooks thread, `require` and webpack load them by file name.
    hooks: "src/loader/hooks.ts",
    "webpack-loader": "src/plugins/webpack-loader.ts",
    "module-loader": "src/loader/module-loader.ts",
    "describe-server": "src/loader/describe-server.ts",
  },
  format: "esm",
  platform: "node",
  target: "es2022",
  // Listed with their licenses in THIRD-PARTY-NOTICES.md. Any other bundled package is an error.
  deps: { onlyBundle: ["entities", "json5", "safe-stable-stringify", "ts-json-schema-generator"] },
  dts: true,
  fixedExtension: false,
  sourcemap: true,
  plugins: [requireTypeScript, bundleSchemaGenerator],
});
export default config;
