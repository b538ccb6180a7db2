/** What is known of a request without making one. */
interface RequestParts {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly signal: AbortSignal;
}

const PARTS: unique symbol = Symbol("parts");
const WHOLE: unique symbol = Symbol("whole");

interface LazyRequest {
  readonly [PARTS]: RequestParts;
  readonly [WHOLE]: () => Request;
}

const KNOWN: readonly (keyof RequestParts)[] = ["method", "url", "headers", "signal"];
const prototype = defineMembers();

/**
 * A web request for readers of its head, which is all that most are. A real one follows the signal it is given, which costs more than a
 * short call does; it is made when anything else is asked for.
 */
export function makeLazyRequest(parts: RequestParts, make: () => Request): Request {
  let whole: Request | undefined;
  const request: LazyRequest = { [PARTS]: parts, [WHOLE]: () => (whole ??= make()) };
  return Object.setPrototypeOf(request, prototype) as Request;
}

/** Every member of a request, read from the parts or from the whole. */
function defineMembers(): object {
  const members = Object.create(Request.prototype) as object;
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(Request.prototype))) {
    if (name === "constructor") continue;
    const known = KNOWN.find((part) => part === name);
    Object.defineProperty(members, name, {
      configurable: true,
      enumerable: true,
      get(this: LazyRequest): unknown {
        if (known) return this[PARTS][known];
        const whole = this[WHOLE]();
        return typeof value === "function" ? (value as () => unknown).bind(whole) : Reflect.get(whole, name, whole);
      },
    });
  }
  return members;
}
