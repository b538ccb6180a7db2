/** What has arrived, and a way to wait for more of it. */
export class Inbox<T> {
  readonly items: T[] = [];
  #wake: () => void = () => undefined;

  add(item: T): void {
    this.items.push(item);
    this.#wake();
  }

  async count(n: number): Promise<void> {
    while (this.items.length < n) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
