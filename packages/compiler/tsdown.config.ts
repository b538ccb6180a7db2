import { defineConfig, type UserConfig } from "tsdown";

const config: UserConfig = defineConfig({
  entry: {
    index: "src/index.ts",
    register: "src/frontends/register.ts",
    vite: "src/frontends/vite.ts",
  },
  format: "esm",
  platform: "node",
  target: "es2022",
  dts: true,
  fixedExtension: false,
  sourcemap: true,
});
export default config;
