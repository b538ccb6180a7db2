import { existsSync, renameSync } from "node:fs";
import path from "node:path";
import {
  type Context,
  createServer,
  resource,
  tool,
  ToolError,
  type ToolOptions,
  type ToolResult,
  toolResult,
} from "methodic";
import { type Entity, type Graph, readGraph, type Relation, select, writeGraph } from "./graph.ts";

const GRAPH_URI = "memory://knowledge-graph";
const LOCAL = { openWorldHint: false };
const add = (options?: ToolOptions) =>
  tool({ ...options, annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, ...LOCAL } });
const remove = (options?: ToolOptions) =>
  tool({ ...options, annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, ...LOCAL } });
const read = (options?: ToolOptions) =>
  tool({ ...options, annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, ...LOCAL } });

interface Observations {
  /** Entity that gets the facts */
  entityName: string;
  /** Facts to add */
  contents: string[];
}

interface AddedObservations {
  entityName: string;
  addedObservations: string[];
}

interface Deletion {
  /** Entity that loses the facts */
  entityName: string;
  /** Facts to delete */
  observations: string[];
}

interface Deleted {
  success: boolean;
  message: string;
}

/** Sends data, and indented JSON as its text. */
function indented<T>(structuredContent: T, shown: unknown = structuredContent): ToolResult<T> {
  return toolResult({ content: JSON.stringify(shown, null, 2), structuredContent });
}

const isSame = (a: Relation) => (b: Relation) =>
  a.from === b.from && a.to === b.to && a.relationType === b.relationType;

class Memory {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Adds entities to the knowledge graph; known names are skipped. */
  @add({ title: "Create Entities" })
  async createEntities(entities: Entity[], ctx: Context): Promise<ToolResult<{ entities: Entity[] }>> {
    const added = await this.#change(ctx, (graph) => {
      const fresh = entities.filter(({ name }) => !graph.entities.some((known) => known.name === name));
      graph.entities.push(...fresh);
      return fresh;
    });
    return indented({ entities: added }, added);
  }

  /** Adds relations between entities, in the active voice; known relations are skipped. */
  @add({ title: "Create Relations" })
  async createRelations(relations: Relation[], ctx: Context): Promise<ToolResult<{ relations: Relation[] }>> {
    const added = await this.#change(ctx, (graph) => {
      const fresh = relations.filter((relation) => !graph.relations.some(isSame(relation)));
      graph.relations.push(...fresh);
      return fresh;
    });
    return indented({ relations: added }, added);
  }

  /** Adds facts to entities of the knowledge graph; known facts are skipped. */
  @add({ title: "Add Observations" })
  async addObservations(
    observations: Observations[],
    ctx: Context,
  ): Promise<ToolResult<{ results: AddedObservations[] }>> {
    const results = await this.#change(ctx, (graph) =>
      observations.map(({ entityName, contents }) => {
        const entity = graph.entities.find(({ name }) => name === entityName);
        if (!entity) throw new ToolError(`Entity with name ${entityName} not found`);
        const addedObservations = contents.filter((fact) => !entity.observations.includes(fact));
        entity.observations.push(...addedObservations);
        return { entityName, addedObservations };
      }),
    );
    return indented({ results }, results);
  }

  /** Deletes entities and their relations. @param entityNames Names of the entities */
  @remove({ title: "Delete Entities" })
  async deleteEntities(entityNames: string[], ctx: Context): Promise<ToolResult<Deleted>> {
    await this.#change(ctx, (graph) => {
      const isGone = (name: string): boolean => entityNames.includes(name);
      graph.entities = graph.entities.filter(({ name }) => !isGone(name));
      graph.relations = graph.relations.filter(({ from, to }) => !isGone(from) && !isGone(to));
    });
    return deleted("Entities");
  }

  /** Deletes facts about entities. */
  @remove({ title: "Delete Observations" })
  async deleteObservations(deletions: Deletion[], ctx: Context): Promise<ToolResult<Deleted>> {
    await this.#change(ctx, (graph) => {
      for (const { entityName, observations } of deletions) {
        const entity = graph.entities.find(({ name }) => name === entityName);
        if (entity) entity.observations = entity.observations.filter((fact) => !observations.includes(fact));
      }
    });
    return deleted("Observations");
  }

  /** Deletes relations between entities. @param relations Relations to delete */
  @remove({ title: "Delete Relations" })
  async deleteRelations(relations: Relation[], ctx: Context): Promise<ToolResult<Deleted>> {
    await this.#change(ctx, (graph) => {
      graph.relations = graph.relations.filter((known) => !relations.some(isSame(known)));
    });
    return deleted("Relations");
  }

  /** Returns the whole knowledge graph. */
  @read({ title: "Read Graph" })
  async readGraph(): Promise<ToolResult<Graph>> {
    return indented(await readGraph(this.#file));
  }

  /** Finds entities by a text. @param query Text in the name, the kind, or a fact of an entity */
  @read({ title: "Search Nodes" })
  async searchNodes(query: string): Promise<ToolResult<Graph>> {
    const contains = (text: string): boolean => text.toLowerCase().includes(query.toLowerCase());
    const graph = await readGraph(this.#file);
    return indented(
      select(graph, ({ name, entityType, observations }) => [name, entityType, ...observations].some(contains)),
    );
  }

  /** Returns entities with their relations. @param names Names of the entities */
  @read({ title: "Open Nodes" })
  async openNodes(names: string[]): Promise<ToolResult<Graph>> {
    return indented(select(await readGraph(this.#file), ({ name }) => names.includes(name)));
  }

  /** The whole knowledge graph as JSON. */
  @resource(GRAPH_URI, { name: "knowledge-graph", title: "Knowledge Graph", mimeType: "application/json" })
  async graph(): Promise<string> {
    return JSON.stringify(await readGraph(this.#file), null, 2);
  }

  async #change<T>(ctx: Context, change: (graph: Graph) => T): Promise<T> {
    const graph = await readGraph(this.#file);
    const result = change(graph);
    await writeGraph(this.#file, graph);
    ctx.notify.resourceUpdated(GRAPH_URI);
    return result;
  }
}

function deleted(what: string): ToolResult<Deleted> {
  const message = `${what} deleted successfully`;
  return toolResult({ content: message, structuredContent: { success: true, message } });
}

/** The file from the environment, else the one next to this module, whose name has changed. */
function findFile(): string {
  const beside = (name: string): string => path.resolve(import.meta.dirname, name);
  const configured = process.env["MEMORY_FILE_PATH"];
  if (configured) return beside(configured);
  const [file, former] = [beside("memory.jsonl"), beside("memory.json")];
  if (!existsSync(file) && existsSync(former)) renameSync(former, file);
  return file;
}

export default createServer({
  name: "memory-server",
  version: "0.6.3",
  naming: "snake_case",
  services: [new Memory(findFile())],
  http: { sessions: true },
});
