import { type Context, createServer, tool } from "methodic";

class Greetings {
  /** Greets a person, and reports progress. */
  @tool("greeting-tool") async sayHello(name = "World", ctx: Context): Promise<string> {
    await ctx.progress(50, 100);
    return `Hello, ${name}!`;
  }
}

export default createServer({
  name: "my-mcp-server",
  version: "1.0.0",
  services: [Greetings],
  http: { sessions: true },
});
