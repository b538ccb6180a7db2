import { defineConfig, type UserConfig } from "tsdown";

const config: UserConfig = defineConfig({
  entry: {
    index: "src/index.ts",
    manifest: "src/manifest/index.ts",
    stdio: "src/transports/stdio.ts",
    testing: "src/testing/index.ts",
  },
  format: "esm",
  platform: "neutral",
  target: "es2022",
  // The two helpers of generated validators are bundled: a server needs no ajv. Anything else that slips in is an error.
  deps: { neverBundle: [/^node:/], onlyBundle: ["ajv-formats"] },
  dts: true,
  fixedExtension: false,
  sourcemap: true,
});
export default config;
