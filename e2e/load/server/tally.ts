const IDS = 16 * 1024 * 1024;

/** Counts the runs of each call in an array of fixed size, so that the memory does not grow. */
export class Tally {
  /** Number of calls in progress. */
  running = 0;
  /** Number of repeated runs; each call is sent once. */
  repeated = 0;
  readonly #runs = new Uint8Array(IDS);

  /** Counts one run of a call. */
  count(id: number): void {
    this.#runs[id] = (this.#runs[id] ?? 0) + 1;
    if (this.#runs[id] > 1) this.repeated++;
  }

  /** Counts a run of a call, as running until its work ends. */
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
