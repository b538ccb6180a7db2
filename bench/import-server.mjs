// Imports a built server: `node import-server.mjs <folder>`. The runtime is loaded before.
import { pathToFileURL } from "node:url";
import "methodic";

const start = performance.now();
await import(pathToFileURL(`${process.argv[2]}/dist/server.js`).href);
console.log(JSON.stringify({ importMs: performance.now() - start }));
