import { InputRequiredError } from "../context/question-errors.ts";
import { isA, logFailure, RequestError } from "../dispatch/failures.ts";
import { MethodicError } from "../errors.ts";
import { type DecoratorSchema, readDecoratorSchema } from "../json-schema/decorator-schema.ts";
import { explainErrors } from "../json-schema/explain.ts";
import { toPlainJson } from "../json-schema/to-json.ts";
import { SchemaValidators } from "../json-schema/validate.ts";
import { INTERNAL_ERROR, INVALID_PARAMS, MISSING_CAPABILITY } from "../util/json-rpc.ts";
import type { WriteLog } from "../util/log.ts";
import { markAllHandled } from "../util/handled.ts";
import { isRecord } from "../util/record.ts";
import type {
  Extension,
  ExtensionContext,
  ExtensionMethod,
  ExtensionResult,
  ExtensionSettings,
  ExtensionToolCall,
} from "./extension.ts";

/** A method of an extension, ready to be called. */
interface ServedMethod {
  readonly extension: Extension;
  readonly method: ExtensionMethod;
  readonly schema: DecoratorSchema | undefined;
}

interface ExtensionRun {
  readonly name: string;
  readonly context: ExtensionContext;
}

type Around = NonNullable<Extension["onToolCall"]>;

/** The extensions of one server. */
export class Extensions {
  /** The settings of each, as the server declares them. */
  readonly settings: { readonly [id: string]: ExtensionSettings };
  readonly #methods = new Map<string, ServedMethod>();
  readonly #around: readonly Around[];
  readonly #validators = new SchemaValidators();
  /** Results that can be sent as they are. */
  readonly #plain = new WeakSet<ExtensionResult>();
  readonly #log: WriteLog;

  /** @throws MethodicError `INVALID_EXTENSION` if two extensions collide, or a schema is invalid */
  constructor(extensions: readonly Extension[], log: WriteLog) {
    this.#log = log;
    const known = new Set<string>();
    for (const extension of extensions) {
      const { id, methods } = extension;
      if (known.has(id)) refuse(`Two extensions have the id '${id}'. Remove one.`);
      known.add(id);
      for (const [name, method] of Object.entries(methods)) {
        const other = this.#methods.get(name)?.extension.id;
        if (other !== undefined)
          refuse(`The extensions '${other}' and '${id}' both have the method '${name}'. Remove one.`);
        const where = `extension "${id}", method "${name}"`;
        const { params } = method;
        const schema = params && readDecoratorSchema(params, { where, side: "input", option: "params" });
        this.#methods.set(name, { extension, method, schema });
      }
    }
    this.settings = Object.fromEntries(extensions.map(({ id, settings }) => [id, settings]));
    this.#around = extensions.flatMap(({ onToolCall }) => onToolCall ?? []);
  }

  /** The names of the methods that extensions add. */
  get methods(): Iterable<string> {
    return this.#methods.keys();
  }

  /** True if an extension runs around calls of tools. */
  get hasToolCalls(): boolean {
    return this.#around.length > 0;
  }

  /**
   * Answers a request of a method that an extension adds.
   * @throws RequestError
   */
  async call(name: string, params: unknown, context: ExtensionContext): Promise<ExtensionResult> {
    const served = this.#methods.get(name) as ServedMethod;
    const { extension, method, schema } = served;
    // Before 2026-07-28, MCP has no error for it, and the server may not know.
    if (context.era === "modern" && !Object.hasOwn(context.clientExtensions, extension.id)) {
      const requiredCapabilities = { extensions: { [extension.id]: {} } };
      const message = `${name}: the client does not declare the extension '${extension.id}'.`;
      throw new RequestError(MISSING_CAPABILITY, message, { requiredCapabilities });
    }
    const { _meta, ...given } = (params ?? {}) as { readonly [name: string]: unknown };
    const input = schema ? await this.#read(name, given, schema) : given;
    return await this.#run({ name, context }, () => method.handle(input as never, context));
  }

  /** Runs the call of a tool within the extensions. */
  callTool(call: ExtensionToolCall, run: () => Promise<ExtensionResult>): Promise<ExtensionResult> {
    const runFrom = (index: number): Promise<ExtensionResult> => {
      const around = this.#around[index];
      if (!around) return this.#runTool(run);
      return this.#run({ name: "tools/call", context: call }, () => around(call, () => runFrom(index + 1)));
    };
    return runFrom(0);
  }

  async #runTool(run: () => Promise<ExtensionResult>): Promise<ExtensionResult> {
    const result = await run();
    this.#plain.add(result);
    return result;
  }

  /** Copies a result as plain JSON, because a transport loses a message that is not. */
  #toPlain(result: ExtensionResult): ExtensionResult {
    if (this.#plain.has(result)) return result;
    const plain = toPlainJson(result) as ExtensionResult;
    this.#plain.add(plain);
    return plain;
  }

  async #read(name: string, given: object, schema: DecoratorSchema): Promise<unknown> {
    const checked = await this.#validators.check(schema, given);
    if ("value" in checked) return checked.value;
    const problems = explainErrors(checked, { value: given, schema: schema.schema });
    throw new RequestError(INVALID_PARAMS, `${name}: ${problems.join(" ")}`);
  }

  /** Runs a function of an extension, and turns its errors into those of the request. */
  async #run({ name, context }: ExtensionRun, run: () => unknown): Promise<ExtensionResult> {
    try {
      const result = await run();
      if (isRecord(result)) return this.#toPlain(result);
      throw new TypeError(`the result of ${name} is not an object`);
    } catch (error) {
      markAllHandled(error);
      // No client waits for the answer to a cancelled request.
      if (context.signal.aborted || isA(InputRequiredError, error) || isProtocolError(error)) throw error;
      const id = logFailure(`${name} of an extension failed`, { log: this.#log }, { error });
      throw new RequestError(INTERNAL_ERROR, `${name} failed (error ${id} in the server's log).`);
    }
  }
}

function refuse(problem: string): never {
  throw new MethodicError("INVALID_EXTENSION", `createServer: ${problem}`);
}

/** Checks for an error with a code of JSON-RPC, which the client gets as it is. */
function isProtocolError(error: unknown): boolean {
  const { code } = Object(error) as { readonly code?: unknown };
  return Number.isInteger(code) && Number(code) >= -32_768 && Number(code) <= -32_000;
}
