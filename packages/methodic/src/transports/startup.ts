/**
 * Guards the start of a program that serves. Import it before anything else: what other modules
 * print while they load does not reach an MCP client as protocol. `methodic build` adds the import.
 *
 * Importing this module installs the guard.
 */
import { readVariable } from "../util/env.ts";
import { holdStdout } from "./stdout.ts";

// With PORT, `serve()` chooses HTTP.
if (readVariable("PORT") === undefined) holdStdout();
