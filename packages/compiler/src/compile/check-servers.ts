import type ts from "typescript";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { locate } from "../diagnostics/locate.ts";
import type { CompiledService } from "../manifest.ts";
import type { Project } from "../project/project.ts";
import { DecoratorReader } from "../scan/decorators.ts";
import { MethodicSymbols } from "../scan/methodic-symbols.ts";
import { ServerCallReader } from "../scan/server-calls.ts";
import { checkCompletions } from "./check-completions.ts";
import { Composer } from "./compose.ts";

/**
 * Finds what `createServer` would refuse at start in the names, URIs and services of some files:
 * for each server, and for each class that no server of the project lists.
 */
export function checkServers(
  { checker, disk, files: all, root }: Project,
  files: readonly ts.SourceFile[],
  services: readonly CompiledService[],
): Diagnostic[] {
  const symbols = new MethodicSymbols(checker, disk);
  const reader = new ServerCallReader(checker, symbols);
  const decorators = new DecoratorReader(checker, symbols);
  const composer = new Composer(checker, services);
  const calls = all.flatMap((file) => reader.findCalls(file));
  const listed = new Set(calls.flatMap((call) => call.services.flatMap(({ service }) => composer.chainOf(service))));
  const found = [
    ...calls
      .filter(({ node }) => files.includes(node.getSourceFile()))
      .flatMap((call) => [...composer.checkServer(call, decorators), ...checkCompletions(call, composer, decorators)]),
    ...services.filter(({ node }) => !listed.has(node)).flatMap(({ node }) => composer.checkService(node)),
  ];
  return found.map(({ subject, located }) => locate(located, root, subject));
}

/** Finds the client rules that the descriptions of the servers' tools in some files break. */
export function checkDescriptions(
  { checker, disk, root }: Project,
  files: readonly ts.SourceFile[],
  services: readonly CompiledService[],
): Diagnostic[] {
  const reader = new ServerCallReader(checker, new MethodicSymbols(checker, disk));
  const composer = new Composer(checker, services);
  const found = files.flatMap((file) => reader.findCalls(file)).flatMap((call) => composer.checkDescriptions(call));
  return found.map(({ subject, located }) => locate(located, root, subject));
}
