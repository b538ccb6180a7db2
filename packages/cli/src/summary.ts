/** Counts that commands report. */
export interface ServiceCounts {
  readonly services: number;
  readonly tools: number;
  readonly resources: number;
  readonly prompts: number;
}

/** Words counts: `2 services: 5 tools, 1 resource`. */
export function countServices({ services, tools, resources, prompts }: ServiceCounts): string {
  const parts = [count(tools, "tool"), count(resources, "resource"), count(prompts, "prompt")].filter(
    (part) => part !== undefined,
  );
  return [count(services, "service") ?? "no services", ...(parts.length > 0 ? [parts.join(", ")] : [])].join(": ");
}

/** Words how many files were written: `Wrote 2 files.` */
export function countWritten(files: readonly string[]): string {
  return `Wrote ${count(files.length, "file") ?? "no files"}.`;
}

/** Words what a build did. */
export function describeBuild({
  files,
  stats,
}: {
  readonly files: readonly string[];
  readonly stats: ServiceCounts;
}): string {
  const written = countWritten(files);
  if (stats.services > 0) return `${countServices(stats)}. ${written}`;
  return `${written} No decorated class was found: is the file with @tool() part of the project?`;
}

function count(number: number, noun: string): string | undefined {
  return number === 0 ? undefined : `${number} ${noun}${number === 1 ? "" : "s"}`;
}
