import type { Feature, FeatureGroup } from "../../fixtures/features.ts";
import { calls } from "./calls.ts";
import { completions } from "./completions.ts";
import { components } from "./components.ts";
import { extensions } from "./extensions.ts";
import { inputs } from "./inputs.ts";
import { lists } from "./lists.ts";
import { publishing } from "./publishing.ts";
import { questions } from "./questions.ts";
import { reports } from "./reports.ts";
import { results } from "./results.ts";
import { state } from "./state.ts";

/** All features that tests compare over transports. */
export const GROUPS: readonly FeatureGroup[] = [
  reports,
  questions,
  calls,
  inputs,
  results,
  completions,
  state,
  publishing,
  lists,
  extensions,
  components,
];

/** The features of all groups, in the order of docs/protocol.md. */
export const FEATURES: readonly Feature[] = GROUPS.flatMap(({ features }) => features);
