const IDS = 16 * 1024 * 1024;

/** Counts the runs of every call, in so little memory that the figures do not show it. */
export class Tally {
  /** Calls that run now. */
  running = 0;
  /** Calls that ran a second time, though each was sent once. */
  repeated = 0;
  readonly #runs = new Uint8Array(IDS);

  /** Counts one run of a call. */
  count(id: number): void {
    this.#runs[id] = (this.#runs[id] ?? 0) + 1;
    if (this.#runs[id] > 1) this.repeated++;
  }

  /** Counts a call, for as long as it takes. */
  async during<T>(id: number, work: () => Promise<T>): Promise<T> {
    this.count(id);
    this.running++;
    try {
      return await work();
    } finally {
      this.running--;
    }
  }
}
