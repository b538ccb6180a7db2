import { MethodicError, withoutStack } from "../errors.ts";
import { type ApiKey, checkKeys } from "./api-key-list.ts";

const ONE = "MCP_API_KEY";
const SEVERAL = "MCP_API_KEYS";

/**
 * The keys of `MCP_API_KEY` and `MCP_API_KEYS` together.
 * @throws MethodicError
 */
export function readKeysFromEnvironment(): readonly Required<ApiKey>[] {
  // Not every runtime has `process`.
  const { env } = (globalThis as { readonly process?: { readonly env?: Environment } }).process ?? {};
  const one = env?.[ONE]?.trim() ?? "";
  const several = env?.[SEVERAL]?.trim() ?? "";
  if (one === "" && several === "") {
    const hint = env ? "" : " This runtime has no process.env; Cloudflare Workers have it with the flag nodejs_compat.";
    refuse(
      `apiKey: there is no key. Set the environment variable ${ONE} (one key) or ${SEVERAL} (several), or give apiKey({ keys: … }) or apiKey({ verify: … }).${hint}`,
    );
  }
  const listed = several === "" ? [] : readList(several);
  if (one === "") return checkKeys(listed, SEVERAL);
  return several === "" ? checkKeys([one], ONE) : checkKeys([one, ...listed], `${ONE} with ${SEVERAL}`);
}

/** Whoever starts the server has to act, and no line of code. */
function refuse(message: string): never {
  throw withoutStack(() => new MethodicError("INVALID_OPTIONS", message));
}

type Environment = { readonly [name: string]: string | undefined };

function readList(text: string): readonly unknown[] {
  if (!/^[[{]/.test(text)) return text.split(",").map((key) => key.trim());
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message would quote the text, and so a key.
    refuse(
      `apiKey: ${SEVERAL} starts like JSON and is none. Write [{"name":"ci","key":"…","scopes":["notes:read"]}], or keys with commas between.`,
    );
  }
  return Array.isArray(value) ? value : [value];
}
