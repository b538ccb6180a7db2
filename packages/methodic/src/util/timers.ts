/**
 * Starts an interval that does not keep the process alive; 0 disables it. Returns a function that
 * stops it.
 */
export function startTimer(callback: () => void, intervalMs: number): () => void {
  if (intervalMs <= 0) return () => undefined;
  const timer = setInterval(callback, intervalMs);
  unref(timer);
  return () => clearInterval(timer);
}

/** Maximum delay of a timer, a signed 32-bit integer; a timer with a longer one fires at once. */
export const MAX_DELAY_MS: number = 2 ** 31 - 1;

/**
 * Calls back at a time in ms since 1970, or never if it is undefined, without keeping the process
 * alive. Returns a function that cancels the call.
 */
export function callAt(callback: () => void, time: number | undefined): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = (): void => {
    const left = (time ?? Number.POSITIVE_INFINITY) - Date.now();
    if (left === Number.POSITIVE_INFINITY) return;
    timer = setTimeout(left > MAX_DELAY_MS ? wait : callback, Math.min(left, MAX_DELAY_MS));
    unref(timer);
  };
  wait();
  return () => clearTimeout(timer);
}

function unref(timer: unknown): void {
  // Some runtimes return a number instead of a timer object.
  (timer as { unref?: () => void }).unref?.();
}
