import { defineConfig, type UserConfig } from "tsdown";

const config: UserConfig = defineConfig({
  entry: { main: "src/main.ts" },
  format: "esm",
  platform: "node",
  target: "es2022",
  // The argument parser is bundled, because Node loads one file faster than seven. Any other
  // bundled package is an error.
  deps: { onlyBundle: ["commander"] },
  dts: false,
  fixedExtension: false,
  sourcemap: true,
});
export default config;
