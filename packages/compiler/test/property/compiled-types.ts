import { createRequire } from "node:module";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as helpers from "methodic/manifest";
import { findViolations, SCHEMA_RULES, type JsonSchema, type MemberValidators } from "methodic/manifest";
import ts from "typescript";
import { generatedNames } from "../../src/emit/manifest-code.ts";
import { generateValidators } from "../../src/emit/validators.ts";
import { compileServices, loadProject, type CompiledService } from "../../src/index.ts";
import { createStubProject } from "../fixtures/stub-project.ts";
import { Choices } from "./choices.ts";
import { isObject, type Json } from "./json-value.ts";
import { TypeJudge, type JudgedType, type Verdict } from "./type-judge.ts";
import type { WrittenType } from "./type-writer.ts";
import { ValueSampler } from "./value-sampler.ts";
import { acceptsArrays, containsWeakType } from "./weak-types.ts";

const addFormats = (createRequire(import.meta.url)("ajv-formats") as typeof import("ajv-formats")).default;

/** A verdict of the schema that differs from TypeScript's. */
export interface Disagreement {
  readonly type: WrittenType;
  readonly direction: "input" | "output";
  readonly value: Json;
  readonly typescript: boolean;
  readonly validator: boolean;
  readonly schema: boolean;
}

/** The outcome of compiling types and comparing verdicts. */
export interface Comparison {
  readonly disagreements: readonly Disagreement[];
  /** Values that the validator accepts and the published schema rejects. */
  readonly narrowed: readonly Pick<Disagreement, "type" | "direction" | "value">[];
  /** The client rules that published schemas break, except those that only a warning can meet. */
  readonly brokenRules: readonly string[];
  /** Number of compared verdicts. */
  readonly compared: number;
  /** Number of values that TypeScript rejected. */
  readonly rejections: number;
  /** The types that did not compile, with the reasons. */
  readonly refused: readonly { readonly code: string; readonly message: string; readonly type: WrittenType }[];
  /** Types that TypeScript itself rejects. */
  readonly invalid: readonly WrittenType[];
}

/** Options for compiling and testing types. */
export interface ComparisonOptions {
  readonly seed: number;
  readonly valuesPerType: number;
  readonly exactOptionalPropertyTypes: boolean;
}

/** A file with one type as a parameter and as a result. */
export function sourceOf({ declarations, text }: WrittenType): string {
  return `import { tool } from "methodic";
${declarations.join("\n")}
export type Subject = ${text};
export class Service {
  @tool() take(value: Subject): void {}
  @tool() give(): { value: Subject } { throw new Error(); }
}
`;
}

/** A file's type `Subject`, as the checker sees it, with values for it. */
export function sampleSubject(
  program: ts.Program,
  { file, seed, count }: { readonly file: string; readonly seed: number; readonly count: number },
): Omit<JudgedType, "name"> {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const alias = source?.statements.find((node) => ts.isTypeAliasDeclaration(node) && node.name.text === "Subject");
  if (!source || !alias || !ts.isTypeAliasDeclaration(alias)) throw new Error(`${file} has no type 'Subject'.`);
  const type = checker.getTypeAtLocation(alias.name);
  return { file, source, type, values: new ValueSampler(checker, new Choices(seed)).sample(type, count) };
}

/**
 * Compiles types as parameters and as results, and compares the verdicts of their schemas with
 * those of the TypeScript compiler.
 */
export function compareVerdicts(types: readonly WrittenType[], options: ComparisonOptions): Comparison {
  const { seed, valuesPerType: count, exactOptionalPropertyTypes } = options;
  const compilerOptions = { target: "ES2022", lib: ["ES2023"], module: "NodeNext", strict: true, types: [] };
  using project = createStubProject({
    ...Object.fromEntries(types.map((type, index) => [`src/case-${index}.ts`, sourceOf(type)])),
    "tsconfig.json": { compilerOptions: { ...compilerOptions, exactOptionalPropertyTypes }, include: ["**/*.ts"] },
  });
  const { program, ...loaded } = loadProject({ root: project.root });
  const { services, diagnostics } = compileServices({ program, ...loaded });
  const checker = program.getTypeChecker();
  const judge = new TypeJudge(program);
  const subjects = types.map((_, index) => {
    const file = path.posix.join(project.root, `src/case-${index}.ts`);
    return sampleSubject(program, { file, seed: seed + index, count });
  });
  for (const subject of subjects) judge.add({ ...subject, name: "Subject" });
  const verdicts = judge.judge();
  const outcome = new Outcome();
  const ajv = new Ajv2020({ strict: false });
  addFormats(ajv);
  for (const [index, { file, type, values }] of subjects.entries()) {
    const written = types[index] as WrittenType;
    const judged = verdicts.get(file);
    const service = services.find(({ sourceFile }) => sourceFile.fileName === file);
    const problem = diagnostics.find(
      (diagnostic) => diagnostic.severity === "error" && diagnostic.file === `src/case-${index}.ts`,
    );
    if (!judged || program.getSemanticDiagnostics(program.getSourceFile(file)).length > 0)
      outcome.invalid.push(written);
    else if (problem || !service) outcome.refused.push({ code: "none", message: "", ...problem, type: written });
    else {
      const isWeak = containsWeakType(type, checker);
      const mayBeArray = acceptsArrays(type, checker);
      const checks = checksOf(service, ajv);
      outcome.brokenRules.push(...brokenRulesOf(service));
      const compiled = { type: written, checks, isWeak, mayBeArray, isExact: exactOptionalPropertyTypes };
      for (const [position, value] of values.entries()) outcome.compare(compiled, value, judged[position] as Verdict);
    }
  }
  return outcome;
}

/** Judges a value by the generated validator, by its exact schema, and by the published one. */
interface Check {
  readonly validator: (value: Json) => boolean;
  readonly schema: (value: Json) => boolean;
  readonly published: (value: Json) => boolean;
}

/** The rules that a rewrite cannot meet, as they are about the author's own names and values. */
const WARNED_RULES: ReadonlySet<string> = new Set(SCHEMA_RULES.filter(({ rewrite }) => !rewrite).map(({ id }) => id));

function checksOf(service: CompiledService, ajv: Ajv2020): Record<Disagreement["direction"], Check> {
  const { take, give } = runValidators(service);
  const { exact, published } = schemasOf(service);
  // The same object is compiled once.
  const [input, output] = [ajv.compile(exact.input), ajv.compile(exact.output)];
  const [shownInput, shownOutput] = [ajv.compile(published.input), ajv.compile(published.output)];
  // A discriminated union is the whole input.
  const { wholeInput } = service.members.get("take")?.data.parameters ?? {};
  const inputOf = (value: Json): unknown => (wholeInput ? value : { value });
  return {
    input: {
      validator: (value) => take?.input?.(inputOf(value)) === true,
      schema: (value) => input(inputOf(value)),
      published: (value) => shownInput(inputOf(value)),
    },
    output: {
      validator: (value) => give?.output?.({ value }) === true,
      schema: (value) => output({ value }),
      published: (value) => shownOutput({ value }),
    },
  };
}

type Schemas = Readonly<Record<Disagreement["direction"], JsonSchema>>;

function schemasOf({ members }: CompiledService): { readonly exact: Schemas; readonly published: Schemas } {
  const [take, give] = [members.get("take")?.data, members.get("give")?.data];
  const exact = { input: take?.inputSchema ?? {}, output: give?.outputSchema ?? {} };
  const published = { input: take?.publishedSchemas?.input, output: give?.publishedSchemas?.output };
  return { exact, published: { input: published.input ?? exact.input, output: published.output ?? exact.output } };
}

function brokenRulesOf(service: CompiledService): string[] {
  const { published } = schemasOf(service);
  return (["input", "output"] as const)
    .flatMap((side) => findViolations(published[side], side))
    .filter(({ rule }) => rule.id === "definitions" || !WARNED_RULES.has(rule.id))
    .map(({ rule, problem }) => `${rule.id}: ${problem} in ${JSON.stringify(published)}`);
}

function runValidators(service: CompiledService): Record<string, MemberValidators> {
  const names = generatedNames("").helpers;
  const members = new Map([...service.members].map(([name, { data }]) => [name, data]));
  const { body, helpers: used } = generateValidators([members], names);
  const run = new Function(...used.map((helper) => names[helper]), `"use strict";\n${body}`);
  const [validators] = run(...used.map((helper) => helpers[helper]));
  return validators as Record<string, MemberValidators>;
}

interface CompiledType {
  readonly type: WrittenType;
  readonly checks: Record<Disagreement["direction"], Check>;
  readonly isWeak: boolean;
  readonly mayBeArray: boolean;
  readonly isExact: boolean;
}

class Outcome implements Comparison {
  readonly disagreements: Disagreement[] = [];
  readonly narrowed: Pick<Disagreement, "type" | "direction" | "value">[] = [];
  readonly brokenRules: string[] = [];
  readonly refused: { readonly code: string; readonly message: string; readonly type: WrittenType }[] = [];
  readonly invalid: WrittenType[] = [];
  compared = 0;
  rejections = 0;

  compare({ type, checks, isWeak, mayBeArray, isExact }: CompiledType, value: Json, judged: Verdict): void {
    // Three differences are allowed. An object with an index signature must be a JSON object, while
    // TypeScript accepts arrays and texts. TypeScript rejects a value that has none of a weak
    // type's optional properties. A result may have null for an optional element of a tuple, even
    // if the compiler option says that the element cannot be undefined.
    const isLenient = isWeak || (isExact && hasNullElement(value));
    for (const direction of ["input", "output"] as const) {
      const typescript = judged[direction];
      if (isLenient && direction === "output" && !typescript) continue;
      if (mayBeArray && typescript && holdsArrayOrText(value)) continue;
      this.compared++;
      if (!typescript) this.rejections++;
      const validator = checks[direction].validator(value);
      const schema = checks[direction].schema(value);
      if (validator && !checks[direction].published(value)) this.narrowed.push({ type, direction, value });
      if (validator !== typescript || schema !== typescript)
        this.disagreements.push({ type, direction, value, typescript, validator, schema });
    }
  }
}

function holdsArrayOrText(value: Json): boolean {
  if (isObject(value)) return Object.values(value).some((item) => holdsArrayOrText(item));
  return Array.isArray(value) || typeof value === "string";
}

function hasNullElement(value: Json): boolean {
  if (Array.isArray(value)) return value.some((item) => item === null || hasNullElement(item));
  return isObject(value) && Object.values(value).some((item) => hasNullElement(item));
}
