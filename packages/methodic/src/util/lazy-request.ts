/** The properties of a request that are known without a `Request`. */
interface RequestHead {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly signal: AbortSignal;
}

const HEAD: unique symbol = Symbol("head");
const REQUEST: unique symbol = Symbol("request");

interface LazyRequest {
  readonly [HEAD]: RequestHead;
  readonly [REQUEST]: () => Request;
}

const HEAD_PROPERTIES: readonly (keyof RequestHead)[] = ["method", "url", "headers", "signal"];
let prototype: object | undefined;

/**
 * Returns a `Request` that is only constructed when more than its head is read, which is rare:
 * making a real `Request` follow its signal costs more than a short call.
 */
export function createLazyRequest(head: RequestHead, create: () => Request): Request {
  prototype ??= createPrototype();
  let request: Request | undefined;
  const lazy: LazyRequest = { [HEAD]: head, [REQUEST]: () => (request ??= create()) };
  return Object.setPrototypeOf(lazy, prototype) as Request;
}

/** Creates a prototype with all members of `Request`. */
function createPrototype(): object {
  const members = Object.create(Request.prototype) as object;
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(Request.prototype))) {
    if (name === "constructor") continue;
    const headProperty = HEAD_PROPERTIES.find((property) => property === name);
    Object.defineProperty(members, name, {
      configurable: true,
      enumerable: true,
      get(this: LazyRequest): unknown {
        if (headProperty) return this[HEAD][headProperty];
        const request = this[REQUEST]();
        return typeof value === "function"
          ? (value as () => unknown).bind(request)
          : Reflect.get(request, name, request);
      },
    });
  }
  return members;
}

/**
 * Returns a request without some of its headers, and then without its body; the same request if it
 * has none of these headers.
 */
export function withoutHeaders(request: Request, isRemoved: (name: string) => boolean): Request {
  const names = [...request.headers.keys()].filter(isRemoved);
  if (names.length === 0) return request;
  const { method, url, signal } = request;
  const headers = new Headers(request.headers);
  for (const name of names) headers.delete(name);
  return createLazyRequest({ method, url, headers, signal }, () => new Request(url, { method, headers, signal }));
}
