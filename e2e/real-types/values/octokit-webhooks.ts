import type { PackageValues } from "../packages.ts";

const api = "https://api.github.com/users/Codertocat";
const user = {
  login: "Codertocat",
  id: 21031067,
  node_id: "MDQ6VXNlcjIxMDMxMDY3",
  avatar_url: "https://avatars1.githubusercontent.com/u/21031067?v=4",
  gravatar_id: "",
  url: api,
  html_url: "https://github.com/Codertocat",
  followers_url: `${api}/followers`,
  following_url: `${api}/following{/other_user}`,
  gists_url: `${api}/gists{/gist_id}`,
  starred_url: `${api}/starred{/owner}{/repo}`,
  subscriptions_url: `${api}/subscriptions`,
  organizations_url: `${api}/orgs`,
  repos_url: `${api}/repos`,
  events_url: `${api}/events{/privacy}`,
  received_events_url: `${api}/received_events`,
  type: "User",
  site_admin: false,
};
const commit = {
  id: "6113728f27ae82c7b1a177c8d03f9e96e0adf246",
  tree_id: "f9d2a07e9488b91af2641b26b9407fe22a451433",
  distinct: true,
  message: "Adding a .gitignore file",
  timestamp: "2015-05-05T19:40:15-04:00",
  url: "https://github.com/baxterthehacker/public-repo/commit/6113728f",
  author: { name: "baxterthehacker", email: "baxter@example.com", username: "baxterthehacker" },
  committer: { name: "GitHub", email: null },
  added: [".gitignore"],
  removed: [],
  modified: [],
};

/** Returns URLs of a resource by the name of their property: `forks_url`, and so on. */
function urlsOf(resource: string, names: string): Record<string, string> {
  return Object.fromEntries(names.split(" ").map((name) => [`${name}_url`, `${resource}/${name}`]));
}

const repositoryUrl = "https://api.github.com/repos/Codertocat/Hello-World";
const repository = {
  ...urlsOf(
    repositoryUrl,
    "html forks keys collaborators teams hooks issue_events events assignees branches tags blobs git_tags git_refs " +
      "trees statuses languages stargazers contributors subscribers subscription commits git_commits comments " +
      "issue_comment contents compare merges archive downloads issues pulls milestones notifications labels " +
      "releases deployments git ssh clone svn",
  ),
  id: 186853002,
  node_id: "MDEwOlJlcG9zaXRvcnkxODY4NTMwMDI=",
  name: "Hello-World",
  full_name: "Codertocat/Hello-World",
  private: false,
  owner: user,
  description: null,
  fork: false,
  url: repositoryUrl,
  created_at: "2019-05-15T15:19:25Z",
  updated_at: "2019-05-15T15:20:34Z",
  pushed_at: "2019-05-15T15:20:33Z",
  homepage: null,
  size: 0,
  stargazers_count: 0,
  watchers_count: 0,
  language: "Ruby",
  has_issues: true,
  has_projects: true,
  has_downloads: true,
  has_wiki: true,
  has_pages: true,
  forks_count: 1,
  mirror_url: null,
  archived: false,
  open_issues_count: 2,
  license: null,
  forks: 1,
  open_issues: 2,
  watchers: 0,
  default_branch: "master",
  is_template: false,
  web_commit_signoff_required: false,
  topics: [],
  visibility: "public",
  custom_properties: {},
};
const pullUrl = `${repositoryUrl}/pulls/2`;
const link = { href: pullUrl };
const head = { label: "Codertocat:changes", ref: "changes", sha: "ec26c3e5", user, repo: repository };
const pull = {
  ...urlsOf(pullUrl, "html diff patch issue commits review_comments review_comment comments statuses"),
  url: pullUrl,
  id: 279147437,
  node_id: "MDExOlB1bGxSZXF1ZXN0Mjc5MTQ3NDM3",
  number: 2,
  state: "open",
  locked: false,
  title: "Update the README with new information.",
  user,
  body: null,
  created_at: "2019-05-15T15:20:33Z",
  updated_at: "2019-05-15T15:20:33Z",
  closed_at: null,
  merged_at: null,
  merge_commit_sha: null,
  assignee: null,
  assignees: [],
  requested_reviewers: [],
  requested_teams: [],
  labels: [],
  milestone: null,
  head,
  base: head,
  _links: {
    self: link,
    html: link,
    issue: link,
    comments: link,
    review_comments: link,
    review_comment: link,
    commits: link,
    statuses: link,
  },
  author_association: "OWNER",
  auto_merge: null,
  active_lock_reason: null,
  draft: false,
  merged: false,
  mergeable: null,
  rebaseable: null,
  mergeable_state: "unknown",
  merged_by: null,
  comments: 0,
  review_comments: 0,
  maintainer_can_modify: false,
  commits: 1,
  additions: 1,
  deletions: 1,
  changed_files: 1,
};

export const octokitWebhooks: PackageValues = {
  replayStar: {
    accepted: [{ action: "created", starred_at: "2019-05-15T15:20:40Z", sender: user }],
    refused: [
      [{ action: "deleted", starred_at: "2019-05-15T15:20:40Z", sender: user }, "event.action"],
      [{ action: "created", starred_at: "", sender: { ...user, type: "Robot" } }, "event.sender.type"],
    ],
  },
  replayCommits: {
    accepted: [{ ref: "refs/heads/main", before: "6113728f", after: "9049f126", commits: [commit] }],
    refused: [[{ ref: "", before: "", after: "", commits: [{ ...commit, added: "x" }] }, "event.commits[0].added"]],
  },
  sender: { accepted: [user], refused: [[{ ...user, site_admin: "no" }, "site_admin"]] },
  openedPull: {
    accepted: [{ action: "opened", number: 2, pull_request: pull, repository, sender: user }],
    refused: [[{ action: "opened", number: "2", pull_request: pull, repository, sender: user }, "number"]],
  },
};
