/**
 * The use of references in schemas:
 * - `auto`: parts that are used more than once are shared if the schema is large without that
 * - `inline`: everything is written out in place, but for recursive types
 * - `always`: parts that are used more than once are shared
 */
export type RefsMode = "auto" | "inline" | "always";

/** The values of {@link RefsMode}. */
export const REFS_MODES: readonly RefsMode[] = ["auto", "inline", "always"];
