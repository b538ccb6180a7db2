/** A string of JavaScript, or anything but strings and braces. */
const NO_BRACE = /(?:"(?:[^"\\]|\\.)*"|[^"{}])/.source;

/**
 * The statements and parameters of ajv's code that only serve errors, and their replacements. The
 * statements are matched with their line breaks, which no string inside a schema can contain.
 */
const ERROR_CODE: readonly (readonly [RegExp, string])[] = [
  [/^validate\d+\.errors = (?:\[\{[\s\S]*?\}\]|vErrors);\n/gm, ""],
  [
    /^const (err\d+) = \{[\s\S]*?\};\nif\(vErrors === null\)\{\nvErrors = \[\1\];\n\}\nelse \{\nvErrors\.push\(\1\);\n\}\n/gm,
    "",
  ],
  [/^vErrors = vErrors === null \? .*\nerrors = vErrors\.length;$/gm, "errors++;"],
  [
    /^if\(vErrors !== null\)\{\nif\((_errs\d+)\)\{\nvErrors\.length = \1;\n\}\nelse \{\nvErrors = null;\n\}\n\}\n/gm,
    "",
  ],
  [/^let vErrors = null;\n/gm, ""],
  [/^return false;\nbreak;\n/gm, "return false;\n"],
  [/^(function validate\d+\(data), \{instancePath="", .*\}=\{\}\)\{$/gm, "$1){"],
  [new RegExp(`, \\{instancePath:?${NO_BRACE}*?,rootData,dynamicAnchors\\}\\)`, "g"), ")"],
];

/**
 * Reduces ajv's code to verdicts. A server parses the code of all its tools on startup, so its
 * length is startup time.
 */
export function keepVerdicts(code: string): string {
  return ERROR_CODE.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), code);
}

/**
 * Makes the functions of recursive types remember their verdicts: each alternative of a union calls
 * them again for the same part of a value.
 */
export function memoizeRecursive(code: string, names: readonly string[]): string {
  const exports = new RegExp(`^const (?:${names.join("|")}) = (validate\\d+);$`, "gm");
  const roots = new Set(Array.from(code.matchAll(exports), ([, root]) => root));
  let memoized = "";
  const body = code.replace(/^function (validate(\d+))\(/gm, (start, name: string, number: string) => {
    if (roots.has(name)) return start;
    memoized += `const ${name} = recursive(check${number});\n`;
    return `function check${number}(`;
  });
  return memoized === "" ? code : `const recursive = require("methodic/memoize").default;\n${memoized}${body}`;
}

/**
 * Removes unused schema declarations: ajv writes one per function, and few keywords (long property
 * lists, enums of objects) read it.
 */
export function dropUnusedSchemas(body: string): string {
  return body.replace(/^const (schema\d+) = .*;\n/gm, (line, name: string, offset: number) => {
    const uses = new RegExp(`\\b${name}\\b`);
    return uses.test(body.slice(0, offset)) || uses.test(body.slice(offset + line.length)) ? line : "";
  });
}
