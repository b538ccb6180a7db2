// Loaded before a server that is measured: tells the CPU time of the process to whoever has started it.
process.on("message", (message) => {
  if (message === "cpu") process.send(process.cpuUsage());
});
process.channel?.unref();
