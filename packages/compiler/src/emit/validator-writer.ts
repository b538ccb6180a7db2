import type { CodeScope } from "./code-scope.ts";
import { FunctionWriter, type ValidatorFunctions } from "./function-writer.ts";
import type { SchemaNode } from "./schema-reader.ts";

/** Length of a schema, as JSON, below which a function would be longer than the code in place. */
const MIN_FUNCTION = 120;

/** Writes the validators of a module: a function for each schema that is used more than once. */
export class ValidatorWriter implements ValidatorFunctions {
  readonly scope: CodeScope;
  readonly #names = new Map<SchemaNode, string>();
  readonly #sizes = new Map<SchemaNode, number>();
  #functions = "";

  constructor(scope: CodeScope) {
    this.scope = scope;
  }

  /** The declarations of all functions and their constants. */
  get code(): string {
    const isObject = 'const isObject=v=>typeof v==="object"&&v!==null&&!Array.isArray(v);\n';
    return `${isObject}${this.scope.declarations}${this.#functions}`;
  }

  /** Returns the name of a schema's function, which is written on first use. */
  nameOf(node: SchemaNode): string {
    const known = this.#names.get(node);
    if (known !== undefined) return known;
    const name = `f${this.#names.size}`;
    this.#names.set(node, name);
    const body = new FunctionWriter(this).write(node);
    // Each alternative of a recursive union calls its function again for the same part of a value.
    this.#functions += node.isRecursive
      ? `const ${name}=${this.scope.helper("memoize")}(v0=>{${body}});\n`
      : `function ${name}(v0){${body}}\n`;
    return name;
  }

  isFunction(node: SchemaNode): boolean {
    return node.isRecursive || (node.uses > 1 && this.#sizeOf(node) > MIN_FUNCTION);
  }

  #sizeOf(node: SchemaNode): number {
    let size = this.#sizes.get(node);
    if (size === undefined) {
      this.#sizes.set(node, MIN_FUNCTION);
      size = node.inner.reduce((sum, inner) => sum + this.#sizeOf(inner), JSON.stringify(node.keywords).length);
      this.#sizes.set(node, size);
    }
    return size;
  }
}
