import { createServer, tool } from "methodic";

class Calculator {
  /** Adds two numbers. */
  @tool() add(a: number, b: number): string {
    return String(a + b);
  }
}

export default createServer({ name: "My Server", version: "1.0.0", services: [Calculator] });
