/** Something that wants to be told that time passes. */
export interface Beating {
  beat(): void;
}

/** One timer for all open streams of an endpoint; none while there is no stream. It does not keep the process alive. */
export class Heartbeat {
  readonly #intervalMs: number;
  readonly #members = new Set<Beating>();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param intervalMs 0: no beat at all */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  add(member: Beating): void {
    this.#members.add(member);
    if (this.#timer !== undefined || this.#intervalMs <= 0) return;
    this.#timer = setInterval(() => {
      for (const one of this.#members) one.beat();
    }, this.#intervalMs);
    unref(this.#timer);
  }

  delete(member: Beating): void {
    this.#members.delete(member);
    if (this.#members.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** Lets the process end although a timer is running, where that is a question at all. */
export function unref(timer: unknown): void {
  (timer as { unref?: () => void }).unref?.();
}
