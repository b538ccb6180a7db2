import { createServer, type Int, tool } from "methodic";

class Demo {
  /** Adds two numbers. */
  @tool() add(a: Int, b: Int): Int {
    return a + b;
  }

  /** Greets a person. */
  @tool() greet(name: string): string {
    return `Hello, ${name}!`;
  }
}

export default createServer({ name: "Demo 🚀", version: "1.0.0", services: [Demo] });
