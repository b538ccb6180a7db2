/** Calls again and again, without keeping the process alive for it; with 0 ms never. Returns what ends it. */
export function startTimer(callback: () => void, intervalMs: number): () => void {
  if (intervalMs <= 0) return () => undefined;
  const timer = setInterval(callback, intervalMs);
  unref(timer);
  return () => clearInterval(timer);
}

/** Longest delay of a timer, which counts in 32 bits: a longer one would fire at once. */
export const MAX_DELAY_MS: number = 2 ** 31 - 1;

/** Calls at a time, in ms since 1970; without one never. Does not keep the process alive for it. Returns what prevents it. */
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
  // Not every runtime has it.
  (timer as { unref?: () => void }).unref?.();
}
