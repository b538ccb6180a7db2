/** What has requests that are being answered. */
export interface Busy {
  /** Ends it; who waits for an answer gets this one. */
  close(response: Response): Promise<void>;
}

/** All that is being answered, so that a server can let it finish before it closes. */
export class Running {
  readonly #members = new Set<Busy>();
  #notify: () => void = () => undefined;

  add(member: Busy): void {
    this.#members.add(member);
  }

  delete(member: Busy): void {
    if (this.#members.delete(member) && this.#members.size === 0) this.#notify();
  }

  /** Resolves when nothing runs any more, or after so many ms. */
  async settled(timeoutMs: number): Promise<void> {
    if (this.#members.size === 0 || timeoutMs <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#notify = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async closeAll(createResponse: () => Response): Promise<void> {
    await Promise.all(Array.from(this.#members, (member) => member.close(createResponse())));
  }
}
