import process from "node:process";

/** A reader that has seen enough, such as `| head`, is no error: the command ends there, without a word and with the exit code it has. */
export function endQuietlyOnBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    if (!stream.listeners("error").includes(onStreamError)) stream.on("error", onStreamError);
  }
}

function onStreamError(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit();
}
