/** A directory of connectors. */
export type DirectoryName = "anthropic" | "openai";

/** The directories by name, as their users call them. */
export const DIRECTORIES: Readonly<Record<DirectoryName, string>> = { anthropic: "Claude", openai: "ChatGPT" };

/** The ID of a rule. */
export type DirectoryRuleId =
  | "hints"
  | "true-hints"
  | "title"
  | "tool-name"
  | "description"
  | "one-action"
  | "schema"
  | "oauth"
  | "public-address"
  | "callback-url"
  | "privacy-policy"
  | "descriptions"
  | "documentation"
  | "test-account"
  | "icon"
  | "domain-proof"
  | "justifications";

/** A rule of one or both directories. */
export interface DirectoryRule {
  /** The rule, as one sentence. */
  readonly rule: string;
  /** The pages that say so; a directory without one does not have the rule. */
  readonly sources: { readonly [directory in DirectoryName]?: string };
  /** Advice for the author. */
  readonly fix: string;
  /** No program can check the rule. */
  readonly isByHand?: true;
}

const CLAUDE_CRITERIA = "https://claude.com/docs/connectors/building/review-criteria";
const CLAUDE_AUTH = "https://claude.com/docs/connectors/building/authentication";
const CLAUDE_POLICY = "https://support.claude.com/en/articles/13145358-anthropic-software-directory-policy";
const CLAUDE_SUBMISSION = "https://claude.com/docs/connectors/building/submission";
const CHATGPT_GUIDELINES = "https://developers.openai.com/apps-sdk/app-submission-guidelines";
const CHATGPT_SUBMISSION = "https://developers.openai.com/apps-sdk/deploy/submission";
const CHATGPT_TOOLS = "https://developers.openai.com/apps-sdk/plan/tools";
const CHATGPT_AUTH = "https://developers.openai.com/apps-sdk/build/auth";

const BOTH_REVIEWS = { anthropic: CLAUDE_CRITERIA, openai: CHATGPT_GUIDELINES };
const BOTH_SUBMISSIONS = { anthropic: CLAUDE_SUBMISSION, openai: CHATGPT_SUBMISSION };

/** The rules by ID, those that the compiler checks first. `docs/directories.md` shows the table. */
export const DIRECTORY_RULES: Readonly<Record<DirectoryRuleId, DirectoryRule>> = {
  hints: {
    rule: "Every tool sets `readOnlyHint`, and `destructiveHint` if it changes something. ChatGPT asks for `readOnlyHint`, `destructiveHint` and `openWorldHint` of every tool.",
    sources: BOTH_REVIEWS,
    fix: "Set them in the annotations of @tool or defineTool.",
  },
  "true-hints": {
    rule: "Hints agree with what the tool does.",
    sources: BOTH_REVIEWS,
    fix: "Correct the hint.",
  },
  title: {
    rule: "Every tool has a title, also in its annotations.",
    sources: { anthropic: CLAUDE_CRITERIA },
    fix: "Set the option title of @tool.",
  },
  "tool-name": {
    rule: "Names of tools have at most 64 characters from `A-Z a-z 0-9 _ -`.",
    sources: { anthropic: CLAUDE_CRITERIA, openai: CHATGPT_TOOLS },
    fix: "Choose another name in the decorator.",
  },
  description: {
    rule: "Every tool says what it does and when to use it.",
    sources: BOTH_REVIEWS,
    fix: "Describe the tool in the method's JSDoc comment, or in the description of defineTool.",
  },
  "one-action": {
    rule: "A tool either reads or writes: no parameter chooses between `GET` and `POST`, `PUT`, `PATCH` or `DELETE`.",
    sources: { anthropic: CLAUDE_CRITERIA, openai: CHATGPT_TOOLS },
    fix: "Write one tool that reads, and one for each kind of change.",
  },
  schema: {
    rule: "The schemas of tools meet [the rules of the directory's clients](clients.md).",
    sources: { anthropic: CLAUDE_CRITERIA, openai: CHATGPT_TOOLS },
    fix: "Follow the message.",
  },
  oauth: {
    rule: "A server that authenticates its callers does so with OAuth, not with API keys.",
    sources: { anthropic: CLAUDE_AUTH, openai: CHATGPT_AUTH },
    fix: "Use jwt(), introspection() or bearer() of methodic/auth.",
  },
  "public-address": {
    rule: "The server has a public HTTPS address.",
    sources: BOTH_SUBMISSIONS,
    fix: "Set http.publicUrl if the server is behind a proxy.",
    isByHand: true,
  },
  "callback-url": {
    rule: "The authorization server accepts the directory's callback: `https://claude.ai/api/mcp/auth_callback` for Claude.",
    sources: { anthropic: CLAUDE_AUTH, openai: CHATGPT_AUTH },
    fix: "Register it.",
    isByHand: true,
  },
  "privacy-policy": {
    rule: "A public page states the privacy policy.",
    sources: { anthropic: CLAUDE_POLICY, openai: CHATGPT_GUIDELINES },
    fix: "Publish it, and give its address in the form.",
    isByHand: true,
  },
  descriptions: {
    rule: "Descriptions and results do not steer the model: they name no other tools, and ask for no data that the tool does not need.",
    sources: BOTH_REVIEWS,
    fix: "Read the output of methodic generate as a reviewer does.",
    isByHand: true,
  },
  documentation: {
    rule: "Public documentation shows how to use the server, and names a contact for support.",
    sources: { anthropic: CLAUDE_POLICY, openai: CHATGPT_SUBMISSION },
    fix: "Publish it, with examples.",
    isByHand: true,
  },
  "test-account": {
    rule: "Reviewers get an account with data, without a second factor.",
    sources: BOTH_SUBMISSIONS,
    fix: "Create one.",
    isByHand: true,
  },
  icon: {
    rule: "The form has the server's name, icon and description.",
    sources: BOTH_SUBMISSIONS,
    fix: "Upload them. The server options title, icons and websiteUrl show them in other clients.",
    isByHand: true,
  },
  "domain-proof": {
    rule: "The server answers `/.well-known/openai-apps-challenge` with the token of the form.",
    sources: { openai: CHATGPT_SUBMISSION },
    fix: "Add a route to the server.",
    isByHand: true,
  },
  justifications: {
    rule: "The form gives a reason for each hint of each tool.",
    sources: { openai: CHATGPT_GUIDELINES },
    fix: "Write what the tool reads, changes and reaches.",
    isByHand: true,
  },
};
