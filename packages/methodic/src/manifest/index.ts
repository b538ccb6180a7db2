export * from "./format.ts";
export { defineManifest, type ManifestSource } from "./define.ts";
export { equal, formats, ucs2length } from "./validation-runtime.ts";
