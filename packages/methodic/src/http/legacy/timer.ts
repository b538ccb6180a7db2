/** Calls again and again, without keeping the process alive for it; with 0 ms never. Returns what ends it. */
export function startTimer(callback: () => void, intervalMs: number): () => void {
  if (intervalMs <= 0) return () => undefined;
  const timer = setInterval(callback, intervalMs);
  // Not every runtime has it.
  (timer as { unref?: () => void }).unref?.();
  return () => clearInterval(timer);
}
