import type ts from "typescript";
import type { ToolAction } from "./tool-action.ts";

/** The hints of a tool about its behavior. */
export const HINTS = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] as const;

/** One of {@link HINTS}. */
export type HintName = (typeof HINTS)[number];

/** The values of hints. */
export type ToolHints = { readonly [hint in HintName]?: boolean };

/** The hints that the directories of connectors ask every tool for. */
export const REQUIRED_HINTS: readonly HintName[] = ["readOnlyHint", "destructiveHint", "openWorldHint"];

/** Hints that the code of a tool shows. */
export interface ProposedHints {
  readonly hints: ToolHints;
  /** The first expression that keeps the code from showing all of them. */
  readonly unclear?: ts.Node;
}

/** Proposes the hints that the effects of a tool show, and none that they leave open. */
export function proposeHints(actions: readonly ToolAction[]): ProposedHints {
  const changing = actions.filter(({ change }) => change !== undefined);
  const open = changing.filter(({ change }) => change === "unknown");
  const isChanging = changing.length > open.length;
  const hints = {
    readOnlyHint: isChanging ? false : settle(true, open),
    destructiveHint: isDestructive(changing),
    // The default is false.
    idempotentHint: isChanging && changing.every(({ isIdempotent }) => isIdempotent) ? true : undefined,
    openWorldHint: isOpenWorld(actions),
  };
  const unclear = [...open, ...actions].find(({ change, reach }) => change === "unknown" || reach === "unknown");
  return {
    hints: Object.fromEntries(Object.entries(hints).filter(([, value]) => value !== undefined)) as ToolHints,
    ...(unclear && { unclear: unclear.node }),
  };
}

/** An overwritten value is lost as well. */
function isDestructive(changing: readonly ToolAction[]): boolean | undefined {
  if (changing.some(({ change }) => change === "delete" || change === "overwrite")) return true;
  return settle(
    false,
    changing.filter(({ change }) => change !== "add"),
  );
}

function isOpenWorld(actions: readonly ToolAction[]): boolean | undefined {
  if (actions.some(({ reach }) => reach === "outside")) return true;
  return settle(
    false,
    actions.filter(({ reach }) => reach === "unknown"),
  );
}

/** Returns a value, unless some effects leave it open. */
function settle(value: boolean, open: readonly ToolAction[]): boolean | undefined {
  return open.length === 0 ? value : undefined;
}
