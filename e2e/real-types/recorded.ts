/** The response that the next call of an API returns. */
export const recording: { response: unknown } = { response: undefined };

/** Returns the recorded response, in place of a call to the API. */
export function recorded<T>(): T {
  return recording.response as T;
}
