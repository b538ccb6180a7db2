/**
 * Guards the start of a program that serves. Import it before anything else: what other modules
 * print while they load does not reach an MCP client as protocol, and an error that stops the
 * program is reported by its message. `methodic build` adds the import.
 *
 * Importing this module installs the guard.
 */
import { reportUncaught } from "./shutdown.ts";
import { holdStdout } from "./stdout.ts";

reportUncaught();
holdStdout();
