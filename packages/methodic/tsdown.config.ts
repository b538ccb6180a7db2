import { defineConfig, type UserConfig } from "tsdown";

const config: UserConfig = defineConfig({
  entry: {
    index: "src/index.ts",
    auth: "src/auth/index.ts",
    context: "src/context/current-context.ts",
    http: "src/http/index.ts",
    manifest: "src/manifest/index.ts",
    sdk: "src/adapters/sdk-v2.ts",
    "sdk-v1": "src/adapters/sdk-v1.ts",
    startup: "src/transports/startup.ts",
    stdio: "src/transports/stdio.ts",
    testing: "src/testing/index.ts",
  },
  format: "esm",
  platform: "neutral",
  target: "es2022",
  // The formats of validators are bundled: a server does not need ajv. Anything else that slips in
  // is an error.
  deps: { neverBundle: [/^node:/], onlyBundle: ["ajv-formats"] },
  dts: true,
  fixedExtension: false,
  sourcemap: true,
});
export default config;
