import { createServer, resource, tool } from "methodic";

class Demo {
  /** Adds two numbers. @title Addition Tool */
  @tool() add(a: number, b: number): { result: number } {
    return { result: a + b };
  }

  /** Greets a person. @title Greeting Resource */
  @resource("greeting://{name}") greeting(name: string): string {
    return `Hello, ${name}!`;
  }
}

export default createServer({ name: "demo-server", version: "1.0.0", services: [Demo] });
