import { defineConfig, type UserConfig } from "tsdown";

const config: UserConfig = defineConfig({
  entry: {
    index: "src/index.ts",
    register: "src/frontends/register.ts",
    bun: "src/frontends/bun.ts",
    esbuild: "src/frontends/esbuild.ts",
    rolldown: "src/frontends/rolldown.ts",
    rollup: "src/frontends/rollup.ts",
    tsdown: "src/frontends/tsdown.ts",
    vite: "src/frontends/vite.ts",
    webpack: "src/frontends/webpack.ts",
    // Not exported: found by the names they have here, from a hooks thread, from CommonJS and by webpack.
    hooks: "src/frontends/hooks.ts",
    "webpack-loader": "src/frontends/webpack-loader.ts",
    "module-loader": "src/frontends/module-loader.ts",
  },
  format: "esm",
  platform: "node",
  target: "es2022",
  dts: true,
  fixedExtension: false,
  sourcemap: true,
});
export default config;
