import { defineConfig, type UserConfig } from "tsdown";

const config: UserConfig = defineConfig({
  entry: { main: "src/main.ts" },
  format: "esm",
  platform: "node",
  target: "es2022",
  // The parser of arguments is bundled: Node loads one file faster than seven. Anything else that slips in is an error.
  deps: { onlyBundle: ["commander"] },
  dts: false,
  fixedExtension: false,
  sourcemap: true,
});
export default config;
