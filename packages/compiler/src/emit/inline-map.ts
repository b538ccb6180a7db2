import type { SourceMap } from "./emit.ts";

/** Appends a source map to JavaScript, as a comment with a data URL. */
export function appendInlineMap(code: string, map: SourceMap): string {
  const json = Buffer.from(JSON.stringify(map)).toString("base64");
  return `${code}\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${json}\n`;
}
