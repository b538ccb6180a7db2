import { readFile, writeFile } from "node:fs/promises";

export interface Entity {
  /** Name of the entity */
  name: string;
  /** Kind of thing that the entity is */
  entityType: string;
  /** Facts about the entity */
  observations: string[];
}

export interface Relation {
  /** Entity at the start of the relation */
  from: string;
  /** Entity at the end of the relation */
  to: string;
  /** Kind of the relation */
  relationType: string;
}

export interface Graph {
  entities: Entity[];
  relations: Relation[];
}

/** Reads a graph from a file of JSON lines; a missing file is an empty graph. */
export async function readGraph(file: string): Promise<Graph> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const graph: Graph = { entities: [], relations: [] };
  for (const line of text.split("\n").filter((each) => each.trim() !== "")) {
    const { type, ...item } = JSON.parse(line) as { type: string };
    if (type === "entity") graph.entities.push(item as Entity);
    if (type === "relation") graph.relations.push(item as Relation);
  }
  return graph;
}

export async function writeGraph(file: string, { entities, relations }: Graph): Promise<void> {
  const items = [
    ...entities.map((entity) => ({ type: "entity", ...entity })),
    ...relations.map((relation) => ({ type: "relation", ...relation })),
  ];
  await writeFile(file, items.map((item) => JSON.stringify(item)).join("\n"));
}

/** The entities that pass, and every relation that starts or ends at one of them. */
export function select({ entities, relations }: Graph, passes: (entity: Entity) => boolean): Graph {
  const selected = entities.filter(passes);
  const names = new Set(selected.map(({ name }) => name));
  return { entities: selected, relations: relations.filter(({ from, to }) => names.has(from) || names.has(to)) };
}
