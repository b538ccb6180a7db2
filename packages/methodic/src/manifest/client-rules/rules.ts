import type { MemberKind } from "../format.ts";
import * as checks from "./checks.ts";
import * as rewrites from "./rewrites.ts";

/**
 * A rule of clients or model providers that goes beyond MCP and JSON Schema. A tool that breaks one
 * is left out, or every request of the client fails.
 */
interface Rule {
  readonly id: string;
  /** The rule, as one sentence. */
  readonly rule: string;
  /** The clients and providers that need it. */
  readonly clients: string;
  /** Evidence: issues and pull requests of GitHub (`owner/name#1`), and addresses. */
  readonly sources: readonly string[];
  /** The way in which Methodic meets the rule, or its message to the author. */
  readonly response: string;
  /** Advice for the author of a schema or component that breaks the rule. */
  readonly fix: string;
}

/** A rule for schemas. */
export interface SchemaRule extends Rule {
  /** Rewrites a schema to meet the rule. Without it, a violation is reported. */
  readonly rewrite?: rewrites.Rewrite;
  /** Finds a violation in a published schema. */
  readonly check: checks.SchemaCheck;
}

/** A rule for the names or the descriptions of tools and prompts. */
export interface ComponentRule extends Rule {
  /** Finds a violation in the name or the description, as `about` says. */
  readonly check: (text: string, kind: MemberKind) => string | undefined;
  readonly about: "name" | "description";
}

const COPILOT_NORMALIZER =
  "https://github.com/microsoft/vscode-copilot-chat/blob/main/src/extension/tools/common/toolSchemaNormalizer.ts";
const CODEX_SCHEMAS = "https://github.com/openai/codex/blob/main/codex-rs/tools/src/json_schema.rs";
const OPENAI_SCHEMAS = "https://developers.openai.com/api/docs/guides/structured-outputs#supported-schemas";

/**
 * The rules for schemas, in the order in which they rewrite. Nothing else decides what Methodic
 * publishes; `docs/clients.md` shows the table.
 */
export const SCHEMA_RULES: readonly SchemaRule[] = [
  {
    id: "dialect",
    rule: "A schema has no `$schema`, `$id`, `$anchor` or `$comment`.",
    clients: "Gemini, Vertex AI",
    sources: ["promptfoo/promptfoo#4200", "danny-avila/LibreChat#13850"],
    response: "Left out.",
    fix: "Remove the keyword.",
    rewrite: rewrites.dropDialect,
    check: checks.hasNone(rewrites.DIALECT_KEYWORDS),
  },
  {
    id: "boolean-schemas",
    rule: "Schemas are objects; only `additionalProperties` may be `true` or `false`.",
    clients: "Claude Code, OpenCode, Gemini, Codex",
    sources: ["anthropics/claude-code#92900", "anomalyco/opencode#49464", "github/copilot-cli#4623"],
    response: "Written as objects.",
    fix: "Write {} for true.",
    rewrite: rewrites.writeOutBooleans,
    check: checks.checkBooleans,
  },
  {
    id: "plain-keywords",
    rule: "No `not`, `if`, `contains` or `unevaluated…`.",
    clients: "OpenAI, VS Code, llama.cpp",
    sources: ["moltis-org/moltis#694", COPILOT_NORMALIZER],
    response: "Left out; the server still checks them.",
    fix: "Remove the keyword, and check the value in the method.",
    rewrite: rewrites.dropUnused,
    check: checks.hasNone(rewrites.UNUSED_KEYWORDS),
  },
  {
    id: "any-of",
    rule: "Alternatives are in `anyOf`, not in `oneOf`.",
    clients: "OpenAI, Codex, Koog",
    sources: ["justrach/codedb#440", "openai/codex#20604", "JetBrains/koog#2017"],
    response: "`oneOf` is written as `anyOf`.",
    fix: "Write anyOf.",
    rewrite: rewrites.writeAnyOf,
    check: checks.hasNone(["oneOf"]),
  },
  {
    id: "no-all-of",
    rule: "No `allOf`.",
    clients: "OpenAI, Codex",
    sources: [OPENAI_SCHEMAS, CODEX_SCHEMAS],
    response: "Left out if it only says which properties go together; a warning if it declares properties.",
    fix: "Write the properties of all parts in one object.",
    rewrite: rewrites.dropRequirements,
    check: checks.hasNone(["allOf"]),
  },
  {
    id: "typed",
    rule: "Every parameter and property has a type, directly or in each alternative.",
    clients: "Claude Code, Gemini CLI, the Claude connector directory",
    sources: ["anthropics/claude-code#82652", "google/mcp-security#148", "Skyvern-AI/skyvern#8611"],
    response: "`unknown`, `any` and values without a type get an alternative for each JSON type.",
    fix: "Add a type.",
    rewrite: rewrites.addTypes,
    check: checks.checkTyped,
  },
  {
    id: "one-type",
    rule: "`type` is one name, and does not stand next to `anyOf`.",
    clients: "Gemini, Vertex AI, Copilot with Gemini",
    sources: [
      "github/copilot-cli#4623",
      "WordPress/ai-provider-for-google#33",
      "anomalyco/opencode#48073",
      "google-gemini/gemini-cli#4121",
    ],
    response: "Several types become alternatives in `anyOf`, with the same verdicts.",
    fix: "Write an alternative in anyOf for each type.",
    rewrite: rewrites.writeOneType,
    check: checks.checkOneType,
  },
  {
    id: "enum",
    rule: "Listed values are an `enum` with a type; there is no `const`.",
    clients: "Gemini, Vertex AI, Dart and Go clients",
    sources: [
      "google-gemini/gemini-cli#4400",
      "taylorwilsdon/google_workspace_mcp#1099",
      "makenotion/notion-mcp-server#42",
    ],
    response: "`const` becomes an `enum` of one value, and the type is added.",
    fix: "Write an enum with a type.",
    rewrite: rewrites.writeEnum,
    check: checks.checkEnum,
  },
  {
    id: "items",
    rule: "Every array has `items`, which is an object.",
    clients: "VS Code Copilot, OpenAI, Gemini",
    sources: [
      COPILOT_NORMALIZER,
      "microsoft/vscode#244467",
      "NousResearch/hermes-agent#71804",
      "AnswerDotAI/toolslm#85",
    ],
    response: "A closed tuple has `maxItems` and the union of its elements as `items`.",
    fix: "Add items.",
    rewrite: rewrites.addItems,
    check: checks.checkItems,
  },
  {
    id: "pattern",
    rule: "A `pattern` is anchored, short, and without lookaround, back-references and classes such as `\\d`.",
    clients: "OpenAI, llama.cpp (LM Studio, Ollama), clients in Go and Rust",
    sources: [
      "cline/cline#14019",
      "anomalyco/opencode#32073",
      "ggml-org/llama.cpp#26930",
      "NousResearch/hermes-agent#18530",
    ],
    response: "Rewritten, or stated in the description. The server checks the original.",
    fix: "Write a shorter pattern, anchored with ^ and $.",
    rewrite: rewrites.writePatterns,
    check: checks.checkPattern,
  },
  {
    id: "pattern-properties",
    rule: "No `patternProperties`.",
    clients: "VS Code Copilot, Gemini, OpenAI",
    sources: [COPILOT_NORMALIZER, "danny-avila/LibreChat#13850", OPENAI_SCHEMAS],
    response: "Published as an object with any names; the description states the pattern.",
    fix: "Write additionalProperties.",
    rewrite: rewrites.openPatternProperties,
    check: checks.checkNamePatterns,
  },
  {
    id: "bounds",
    rule: "Bounds of lengths and of numbers of items are below 2,000.",
    clients: "llama.cpp (LM Studio, Ollama)",
    sources: ["firecrawl/firecrawl#4512", "AtomicBot-ai/Atomic-Chat#272"],
    response: "Larger bounds are stated in the description.",
    fix: "Choose a bound below 2,000, or none.",
    rewrite: rewrites.dropLargeBounds,
    check: checks.checkBounds,
  },
  {
    id: "properties",
    rule: "Every object schema has `properties`, even if they are empty.",
    clients: "OpenAI, Azure OpenAI, Copilot CLI, Codex",
    sources: [
      "openai/openai-agents-python#449",
      "github/copilot-cli#1825",
      "langchain-ai/langchain-mcp-adapters#137",
      CODEX_SCHEMAS,
    ],
    response: "Added.",
    fix: "Add properties: {}.",
    rewrite: rewrites.addProperties,
    check: checks.checkProperties,
  },
  {
    id: "reference",
    rule: "Nothing stands next to `$ref`, such as a `default` or a description.",
    clients: "OpenAI, Kimi",
    sources: ["MoonshotAI/kimi-cli#2061", OPENAI_SCHEMAS],
    response: "The reference becomes the only alternative of an `anyOf`.",
    fix: "Move the other keywords into the definition.",
    rewrite: rewrites.isolateReference,
    check: checks.checkReference,
  },
  {
    id: "definitions",
    rule: "`$defs` holds only types that are recursive or, in a large schema, used more than once.",
    clients: "Copilot CLI, Codex, Gemini, Kimi",
    sources: ["github/copilot-cli#1876", "openai/codex#3152", "CommandCodeAI/command-code#566"],
    response:
      "Everything else is written out in place, as is everything in schemas up to 4 KB; equal definitions are merged. See the option `refs`.",
    fix: "Write the definition in place.",
    check: checks.checkDefinitions,
  },
  {
    id: "plain-root",
    rule: "The root of an input has the type `object` and no `anyOf`, `oneOf`, `allOf`, `enum` or `$ref`.",
    clients: "Anthropic, OpenAI, Bedrock, Gemini",
    sources: ["anthropics/claude-code#88049", "DeusData/codebase-memory-mcp#1524", COPILOT_NORMALIZER],
    response:
      "A discriminated union is written as one object. Other unions are an error for types (MTD123), a warning for schemas of decorators.",
    fix: "Give the alternatives a required property with different constants, or wrap them in one property.",
    check: checks.checkRoot,
  },
  {
    id: "property-names",
    rule: "Names of parameters have 1 to 64 characters from `A-Z a-z 0-9 _ . -`.",
    clients: "Anthropic",
    sources: ["freee/freee-mcp#15", "ComposioHQ/composio#2330"],
    response: "A warning.",
    fix: "Rename it.",
    check: checks.checkPropertyNames,
  },
  {
    id: "required",
    rule: "Required properties are among the `properties`.",
    clients: "Gemini, VS Code Copilot",
    sources: [COPILOT_NORMALIZER, "anomalyco/opencode#11889"],
    response: "A warning.",
    fix: "Add it to the properties, or remove it from required.",
    check: checks.checkDeclared,
  },
  {
    id: "empty-enum-values",
    rule: "An `enum` has no empty string.",
    clients: "Gemini",
    sources: ["sbroenne/mcp-server-excel#607", "anomalyco/opencode#46676"],
    response: "A warning.",
    fix: 'Use another string, such as "none", or make the property optional.',
    check: checks.checkEnumValues,
  },
  {
    id: "limits",
    rule: "A schema has at most 10 levels, 5,000 properties and 1,000 listed values.",
    clients: "OpenAI",
    sources: [OPENAI_SCHEMAS, "openai/openai-java#732"],
    response: "A warning.",
    fix: "Split the tool, or pick the properties that callers need.",
    check: checks.checkLimits,
  },
  {
    id: "size",
    rule: "A schema has at most 16 KB: every request of a model carries the schemas of all tools.",
    clients: "all",
    sources: ["https://developers.openai.com/api/docs/guides/function-calling"],
    response: "A warning that names the largest parts.",
    fix: "Split the tool, or pick the properties that callers need.",
    check: checks.checkSize,
  },
];

/** The rules for the names and descriptions of tools and prompts. */
export const COMPONENT_RULES: readonly ComponentRule[] = [
  {
    id: "name-characters",
    rule: "Names of tools and prompts contain only the characters `A-Z a-z 0-9 _ -`.",
    clients: "OpenAI, Anthropic, Bedrock, Cursor, Copilot CLI, Codex",
    sources: [
      "webstudio-is/webstudio#5960",
      "github/copilot-cli#1879",
      "openai/codex#8174",
      "RooCodeInc/Roo-Code#10022",
    ],
    response: "A warning; MCP also allows `.` and `/`.",
    fix: 'Choose another name in the decorator, with "_" or "-" in their place.',
    about: "name",
    check: checks.checkNameCharacters,
  },
  {
    id: "name-length",
    rule: "Names of tools and prompts have at most 50 characters: clients put the name of the server in front, and providers allow 64.",
    clients: "Cursor (60 with the server's name), OpenAI, Anthropic, Bedrock, VS Code",
    sources: ["microsoft/vscode#243602", "sparfenyuk/mcp-proxy#45", "anthropics/claude-code#2326", "awslabs/mcp#3181"],
    response: "A warning; MCP allows 128.",
    fix: "Choose a shorter name in the decorator.",
    about: "name",
    check: checks.checkNameLength,
  },
  {
    id: "description",
    rule: "Every tool has a description of at most 1,024 characters.",
    clients: "VS Code Copilot, OpenAI, Azure OpenAI, Bedrock",
    sources: [COPILOT_NORMALIZER, "modelcontextprotocol/servers#799", "anthropics/claude-code#41593"],
    response: "A warning.",
    fix: "Describe the tool in a few sentences of the method's JSDoc comment.",
    about: "description",
    check: checks.checkDescription,
  },
];

/** A rule that a published schema or a component breaks. */
export interface Violation {
  readonly rule: SchemaRule | ComponentRule;
  /** The place in the schema, such as `properties/limit`; empty for the root. */
  readonly place: string;
  /** The fault, as part of a sentence. */
  readonly problem: string;
}
