import type { PackageValues } from "../packages.ts";

export const linear: PackageValues = {
  createIssue: {
    accepted: [{ teamId: "9cfb482a", title: "Exception in the parser", priority: 1, dueDate: "2026-01-31" }],
    refused: [[{ title: "No team" }, "input.teamId"]],
  },
  findIssues: {
    accepted: [
      { assignee: { email: { eq: "john@example.com" } }, priority: { lte: 2 }, or: [{ title: { contains: "crash" } }] },
    ],
    refused: [[{ priority: { lte: "high" } }, "filter.priority.lte"]],
  },
  createComment: {
    accepted: [{ issueId: "9cfb482a", body: "Fixed in main." }],
    refused: [[{ issueId: 5 }, "input.issueId"]],
  },
  createProject: {
    accepted: [{ name: "Launch", teamIds: ["9cfb482a"] }],
    refused: [[{ teamIds: ["9cfb482a"] }, "input.name"]],
  },
};
