import { defineConfig, type UserConfig } from "tsdown";

const config: UserConfig = defineConfig({
  entry: {
    index: "src/index.ts",
    register: "src/frontends/register.ts",
    vite: "src/frontends/vite.ts",
    // Not exported: found by the names they have here, from a hooks thread and from CommonJS.
    hooks: "src/frontends/hooks.ts",
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
