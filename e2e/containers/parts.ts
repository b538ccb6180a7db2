import process from "node:process";

/** Tells the test what happens. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Says that a call is running, and waits until the test sends SIGUSR2. */
export async function wait(): Promise<void> {
  // As a socket would, the timer keeps the process running.
  const timer = setInterval(() => undefined, 1000);
  const signaled = new Promise<void>((resolve) => void process.once("SIGUSR2", () => resolve()));
  say("waiting");
  await signaled;
  clearInterval(timer);
}
