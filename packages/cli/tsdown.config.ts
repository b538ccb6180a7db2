import { defineConfig, type UserConfig } from "tsdown";

const config: UserConfig = defineConfig({
  entry: { main: "src/main.ts" },
  format: "esm",
  platform: "node",
  target: "es2022",
  dts: false,
  fixedExtension: false,
  sourcemap: true,
});
export default config;
