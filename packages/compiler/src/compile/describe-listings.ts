import { sortByVersion } from "methodic/manifest";
import ts from "typescript";
import type { Position } from "../diagnostics/diagnostic.ts";
import { placeOf } from "../diagnostics/locate.ts";
import { HintChecker } from "../effects/check-hints.ts";
import type { CompiledService } from "../manifest.ts";
import type { Project } from "../project/project.ts";
import { unwrap } from "../scan/constants.ts";
import { findOption } from "../scan/decorator-options.ts";
import { DecoratorReader } from "../scan/decorators.ts";
import { MethodicSymbols } from "../scan/methodic-symbols.ts";
import { Scope } from "../scan/scope.ts";
import type { ExportedServer } from "../scan/server-calls.ts";
import { Library } from "../schema/read/library-types.ts";
import { Composer, publicNamesOf } from "./compose.ts";

/** The parts of a server's source that directories look at, and the artifact does not show. */
export interface ServerListing extends Position {
  /** The server's name; absent if only the running program knows it. */
  readonly name?: string;
  /** The place of the API keys with which the server authenticates its callers. */
  readonly apiKey?: Position;
  /** The tools that the source shows, by name. */
  readonly tools: Readonly<Record<string, ToolListing>>;
}

/** The place of a tool, and advice on the hints that it lacks. */
export interface ToolListing extends Position {
  readonly advice?: string;
}

/** Describes servers for the checks of directories, in the order of the servers. */
export function describeListings(
  servers: readonly ExportedServer[],
  services: readonly CompiledService[],
  project: Project,
): ServerListing[] {
  const writer = new ListingWriter(services, project);
  return servers.map((server) => writer.write(server));
}

class ListingWriter {
  readonly #project: Project;
  readonly #composer: Composer;
  readonly #symbols: MethodicSymbols;
  readonly #decorators: DecoratorReader;
  readonly #hints: HintChecker;

  constructor(services: readonly CompiledService[], project: Project) {
    const { checker, program, disk } = project;
    this.#project = project;
    this.#composer = new Composer(checker, services);
    this.#symbols = new MethodicSymbols(checker, disk);
    this.#decorators = new DecoratorReader(checker, this.#symbols);
    this.#hints = new HintChecker({ checker, library: new Library(program), symbols: this.#symbols });
  }

  write({ node, call }: ExportedServer): ServerListing {
    const place = placeOf(node, this.#project.root);
    if (!call) return { ...place, tools: {} };
    const tools: Record<string, ToolListing> = {};
    const components = call.services.flatMap(({ service }) => this.#composer.componentsOf(service));
    const versions = components.map((component) => ({ component, version: component.member.options.version }));
    for (const { component } of sortByVersion(versions)) {
      const [name] = publicNamesOf(component, call.naming ? [call.naming] : []) ?? [];
      const method = component.node.parent;
      const decorator = ts.isMethodDeclaration(method) ? this.#decorators.read(method)[0] : undefined;
      if (name === undefined || decorator?.kind !== "tool") continue;
      // Clients see the newest version.
      if (Object.hasOwn(tools, name)) continue;
      const advice = this.#hints.propose(method as ts.MethodDeclaration, decorator);
      tools[name] = { ...placeOf(component.node, this.#project.root), ...(advice !== undefined && { advice }) };
    }
    const apiKey = this.#findApiKey(call.node);
    const named = call.name !== undefined && { name: call.name };
    return { ...place, ...named, tools, ...(apiKey && { apiKey: placeOf(apiKey, this.#project.root) }) };
  }

  /** Finds `apiKey()` as the only authenticator in the options of a server. */
  #findApiKey({ arguments: [argument] }: ts.CallExpression): ts.Node | undefined {
    const found = argument && findOption(argument, "auth", new Scope(this.#project.checker));
    if (!found || !ts.isExpression(found)) return undefined;
    const value = unwrap(found);
    const entries = ts.isArrayLiteralExpression(value) ? value.elements : [value];
    return entries.find((entry) => {
      const each = unwrap(entry);
      const symbol = ts.isCallExpression(each) ? this.#symbols.resolve(each.expression) : undefined;
      return symbol?.name === "apiKey" && this.#symbols.declares(symbol);
    });
  }
}
