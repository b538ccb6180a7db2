import { createRequire } from "node:module";
import { defineConfig, type UserConfig } from "tsdown";

const require = createRequire(import.meta.url);

/** CommonJS packages that every compilation loads. */
const COMMON_JS = /^(?:typescript|ts-json-schema-generator)$/;

/**
 * Loads large CommonJS packages with `require`. For an `import`, Node reads each file two more
 * times before running it: to detect its format and to list its exports. For TypeScript, this takes
 * longer than running the file.
 */
const requireCommonJs: NonNullable<UserConfig["plugins"]> = {
  name: "require-common-js",
  resolveId: {
    order: "pre",
    filter: { id: COMMON_JS },
    handler: (id, importer) => (importer && /\.d\.[cm]?ts/.test(importer) ? undefined : { id: `\0require:${id}` }),
  },
  load: {
    filter: { id: /^\0require:/ },
    handler: (id) => {
      const name = id.slice("\0require:".length);
      const names = Object.keys(require(name) as object).filter(
        (key) => key !== "default" && /^[A-Za-z_$][\w$]*$/.test(key),
      );
      // TypeScript has thousands of exports, and our sources import only its default export.
      const named = name === "typescript" ? "" : `export const { ${names.join(", ")} } = required;\n`;
      return `import { createRequire } from "node:module";\nconst required = createRequire(import.meta.url)(${JSON.stringify(name)});\nexport default required;\n${named}`;
    },
  },
};

const config: UserConfig = defineConfig({
  entry: {
    index: "src/index.ts",
    bundle: "src/bundle/bundle.ts",
    cached: "src/build/generate.ts",
    register: "src/loader/register.ts",
    bun: "src/loader/bun.ts",
    esbuild: "src/plugins/esbuild.ts",
    rolldown: "src/plugins/rolldown.ts",
    rollup: "src/plugins/rollup.ts",
    tsdown: "src/plugins/tsdown.ts",
    vite: "src/plugins/vite.ts",
    webpack: "src/plugins/webpack.ts",
    // Not package exports: Node's hooks thread, `require` and webpack load them by file name.
    hooks: "src/loader/hooks.ts",
    "webpack-loader": "src/plugins/webpack-loader.ts",
    "module-loader": "src/loader/module-loader.ts",
  },
  format: "esm",
  platform: "node",
  target: "es2022",
  dts: true,
  fixedExtension: false,
  sourcemap: true,
  plugins: [requireCommonJs],
});
export default config;
