import type { Step } from "../transcript.ts";

const ADA = { name: "Ada", entityType: "person", observations: ["writes programs", "likes Numbers"] };
const ENGINE = { name: "Engine", entityType: "machine", observations: ["computes"] };
const USES = { from: "Ada", to: "Engine", relationType: "programs" };

export const MEMORY_STEPS: readonly Step[] = [
  { tool: "read_graph" },
  { tool: "create_entities", args: { entities: [ADA, ENGINE] } },
  { tool: "create_entities", args: { entities: [ADA, { name: "Charles", entityType: "person", observations: [] }] } },
  { tool: "create_relations", args: { relations: [USES, { from: "Charles", to: "Engine", relationType: "builds" }] } },
  { tool: "create_relations", args: { relations: [USES] } },
  { tool: "add_observations", args: { observations: [{ entityName: "Engine", contents: ["computes", "is large"] }] } },
  { tool: "add_observations", args: { observations: [{ entityName: "Nobody", contents: ["is missing"] }] } },
  { tool: "search_nodes", args: { query: "NUMBERS" } },
  { tool: "search_nodes", args: { query: "machine" } },
  { tool: "open_nodes", args: { names: ["Charles", "Nobody"] } },
  { read: "memory://knowledge-graph" },
  {
    watch: "memory://knowledge-graph",
    tool: "delete_observations",
    args: { deletions: [{ entityName: "Engine", observations: ["computes"] }] },
  },
  { tool: "delete_observations", args: { deletions: [{ entityName: "Nobody", observations: ["anything"] }] } },
  { tool: "delete_relations", args: { relations: [USES] } },
  { tool: "delete_entities", args: { entityNames: ["Charles"] } },
  { tool: "read_graph" },
  { tool: "create_entities", args: { entities: [{ name: "Incomplete" }] }, invalid: true },
  { tool: "search_nodes", args: {}, invalid: true },
  { tool: "no_such_tool" },
  { read: "memory://no-such-graph" },
];
