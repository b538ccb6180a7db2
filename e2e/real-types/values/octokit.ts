import type { PackageValues } from "../packages.ts";

const repo = { owner: "octocat", repo: "Hello-World" };
const label = {
  id: 208045946,
  node_id: "MDU6TGFiZWwyMDgwNDU5NDY=",
  url: "https://api.github.com/repos/octocat/Hello-World/labels/bug",
  name: "bug",
  description: null,
  color: "f29513",
  default: true,
};
const issueUrl = "https://api.github.com/repos/octocat/Hello-World/issues/1347";
const issue = {
  id: 1,
  node_id: "MDU6SXNzdWUx",
  url: issueUrl,
  repository_url: "https://api.github.com/repos/octocat/Hello-World",
  labels_url: `${issueUrl}/labels{/name}`,
  comments_url: `${issueUrl}/comments`,
  events_url: `${issueUrl}/events`,
  html_url: "https://github.com/octocat/Hello-World/issues/1347",
  number: 1347,
  state: "open",
  title: "Found a bug",
  user: null,
  labels: ["bug", label],
  assignee: null,
  milestone: null,
  locked: false,
  comments: 0,
  closed_at: null,
  created_at: "2011-04-22T13:33:48Z",
  updated_at: "2011-04-22T13:33:48Z",
};

export const octokit: PackageValues = {
  createIssue: {
    accepted: [{ ...repo, title: "Found a bug", body: "It fails.", assignees: ["octocat"], labels: ["bug"] }],
    refused: [[{ ...repo, body: "It fails." }, "params.title"]],
  },
  listIssues: {
    accepted: [{ ...repo, state: "open", per_page: 50 }],
    refused: [[{ ...repo, state: "new" }, "params.state"]],
  },
  addLabels: {
    accepted: [{ ...repo, issue_number: 1, labels: ["bug", "enhancement"] }],
    refused: [[{ ...repo, labels: ["bug"] }, "params.issue_number"]],
  },
  mergePull: {
    accepted: [{ ...repo, pull_number: 1, merge_method: "squash" }],
    refused: [[{ ...repo, pull_number: 1, merge_method: "force" }, "params.merge_method"]],
  },
  writeFile: {
    accepted: [{ ...repo, path: "README.md", message: "docs: greet", content: "aGVsbG8=" }],
    refused: [[{ ...repo, path: "README.md", content: "aGVsbG8=" }, "params.message"]],
  },
  createCheck: {
    accepted: [
      { ...repo, name: "lint", head_sha: "ce587453ced02b1526dfb4cb910479d431683101" },
      { ...repo, name: "lint", head_sha: "ce58", status: "completed", conclusion: "success" },
    ],
    refused: [[{ ...repo, head_sha: "ce58" }, "params.name"]],
  },
  getLabel: { accepted: [label], refused: [[{ ...label, default: "yes" }, "default"]] },
  getIssue: {
    accepted: [issue],
    refused: [
      [{ id: 1, node_id: "x" }, "url"],
      [{ ...issue, labels: [{ ...label, default: "yes" }] }, "labels[0].default"],
    ],
  },
  listBranches: {
    accepted: [[{ name: "master", commit: { sha: "c5b97d5ae6c1", url: "https://api.github.com/" }, protected: true }]],
    refused: [[[{ name: "master", protected: true }], "[0].commit"]],
  },
  mergeResponse: {
    accepted: [
      {
        status: 200,
        url: "https://api.github.com/",
        headers: { etag: "x" },
        data: { sha: "6dcb09b5b57875f334f61aebed695e2e4193db5e", merged: true, message: "Pull Request merged" },
      },
    ],
    refused: [[{ status: 500, url: "", headers: {}, data: { sha: "", merged: true, message: "" } }, "status"]],
  },
};
