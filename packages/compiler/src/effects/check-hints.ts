import ts from "typescript";
import { problems } from "../diagnostics/catalog.ts";
import type { LocatedProblem } from "../diagnostics/locate.ts";
import type { StaticOptions } from "../manifest.ts";
import type { DecoratorUse } from "../scan/decorators.ts";
import type { ScannedMethod } from "../scan/scan.ts";
import type { ToolAction } from "./tool-action.ts";
import { ToolActionReader, type ToolActionDeps } from "./tool-actions.ts";
import { HINTS, type HintName, proposeHints, REQUIRED_HINTS, type ToolHints } from "./tool-hints.ts";

/** Compares the hints of tools with their code. */
export class HintChecker {
  readonly #actions: ToolActionReader;

  constructor(deps: ToolActionDeps) {
    this.#actions = new ToolActionReader(deps);
  }

  /**
   * Finds the hints of a tool that its code or another hint contradicts and, if hints are required,
   * the missing ones.
   */
  check({ decorator, node }: ScannedMethod, { isRequired }: { readonly isRequired: boolean }): LocatedProblem[] {
    const { options, node: site } = decorator;
    const { annotations = {} } = options;
    const { readOnlyHint, destructiveHint, openWorldHint } = annotations;
    const missing = isRequired ? missingHints(options) : [];
    const isChecked = readOnlyHint === true || destructiveHint === false || openWorldHint === false;
    const actions = isChecked || missing.length > 0 ? this.#actions.read(node, missing.length === 0) : [];
    return [
      ...findOpposed(annotations).map((problem) => ({ problem, node: site })),
      ...findContradicted(annotations, actions),
      ...(missing.length > 0
        ? [{ problem: problems.missingHints(missing, writeProposal(decorator, missing, actions)), node: site }]
        : []),
    ];
  }

  /** Says what to write for the hints that a tool lacks; undefined if it has them all. */
  propose(method: ts.MethodDeclaration, decorator: DecoratorUse): string | undefined {
    const missing = missingHints(decorator.options);
    return missing.length === 0 ? undefined : writeProposal(decorator, missing, this.#actions.read(method));
  }
}

/** Lists the required hints that a tool certainly lacks. */
function missingHints({ annotations = {}, computed = [] }: StaticOptions): HintName[] {
  if (computed.includes("annotations") || computed.includes("options")) return [];
  return REQUIRED_HINTS.filter((hint) => typeof annotations[hint] !== "boolean");
}

/** Writes the decorator with the hints that the code shows, and names those that it does not. */
function writeProposal(decorator: DecoratorUse, missing: readonly HintName[], actions: readonly ToolAction[]): string {
  const { hints, unclear } = proposeHints(actions);
  const given = decorator.options.annotations ?? {};
  // What only reads destroys nothing, however the code does it.
  const implied = given["readOnlyHint"] === true ? { destructiveHint: false } : {};
  const all: ToolHints = { ...hints, ...implied, ...given };
  const shown = HINTS.filter((hint) => all[hint] !== undefined && (given[hint] !== undefined || isUseful(hint, all)));
  const open = missing.filter((hint) => all[hint] === undefined);
  const title = typeof given["title"] === "string" ? [`title: ${JSON.stringify(given["title"])}`] : [];
  const text = [...title, ...shown.map((hint) => `${hint}: ${all[hint]}`)].join(", ");
  const hasNew = missing.length > open.length;
  const written = `${decoratorStart(decorator)}annotations: { ${text} } })`;
  const rest = `${open.join(" and ")}: the code does not show ${open.length === 1 ? "it" : "them"}${unclear ? ` ('${shorten(unclear)}' may do anything)` : ""}`;
  if (open.length === 0) return `Write ${written}.`;
  return hasNew ? `Write ${written}, and add ${rest}.` : `Add ${rest}.`;
}

/** Drops the hint that a tool that only reads may be repeated: that is always so. */
function isUseful(hint: HintName, { readOnlyHint }: ToolHints): boolean {
  return hint !== "idempotentHint" || readOnlyHint !== true;
}

/** Writes the options of the decorator up to the annotations. */
function decoratorStart({ node: { expression }, options: { name } }: DecoratorUse): string {
  const [argument] = ts.isCallExpression(expression) ? expression.arguments : [];
  if (!argument) return "@tool({ ";
  if (ts.isStringLiteralLike(argument)) return `@tool({ name: ${JSON.stringify(name)}, `;
  const isOnly =
    ts.isObjectLiteralExpression(argument) &&
    argument.properties.every((property) => property.name?.getText() === "annotations");
  return isOnly ? "@tool({ " : "@tool({ …, ";
}

/** Finds hints that exclude each other. */
function findOpposed({ readOnlyHint, destructiveHint }: ToolHints): LocatedProblem["problem"][] {
  return readOnlyHint === true && destructiveHint === true ? [problems.opposedHints()] : [];
}

/** Finds the hints that an effect contradicts for certain. */
function findContradicted(hints: ToolHints, actions: readonly ToolAction[]): LocatedProblem[] {
  const certain = actions.filter(({ isCertain }) => isCertain);
  const changes = certain.find(({ change }) => change !== undefined && change !== "unknown");
  const deletes = certain.find(({ change }) => change === "delete");
  const reaches = actions.find(({ isOutside }) => isOutside);
  const found: (readonly [HintName, ToolAction | undefined])[] = [
    ["readOnlyHint", hints.readOnlyHint === true ? changes : undefined],
    ["destructiveHint", hints.readOnlyHint !== true && hints.destructiveHint === false ? deletes : undefined],
    ["openWorldHint", hints.openWorldHint === false ? reaches : undefined],
  ];
  return found.flatMap(([hint, action]) => {
    if (!action) return [];
    const { node, place } = action;
    const inner = node === place ? undefined : shorten(node);
    const value = hints[hint] === true;
    return [{ problem: problems.contradictedHint({ hint, value, effect: shorten(place), inner }), node: place }];
  });
}

/** Writes an expression on one line of at most 60 characters. */
function shorten(node: ts.Node): string {
  const line = node.getText().replaceAll(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
