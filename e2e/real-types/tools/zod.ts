import { tool } from "methodic";
import { z } from "zod";
import { recorded } from "../recorded.js";

const Contact = z.object({
  name: z.string(),
  email: z.email(),
  phones: z.array(z.object({ kind: z.enum(["home", "work"]), number: z.string() })).default([]),
});
const Shape = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("circle"), radius: z.number() }),
  z.object({ kind: z.literal("square"), side: z.number() }),
]);
const Json = z.json();

export class ZodTools {
  /** Adds a contact. */
  @tool() addContact(contact: z.input<typeof Contact>): void {}

  /** Draws a shape. */
  @tool() draw(shape: z.infer<typeof Shape>): void {}

  /** Stores JSON. */
  @tool() store(value: z.infer<typeof Json>): void {}

  /** Returns a contact. */
  @tool() getContact(): z.output<typeof Contact> {
    return recorded();
  }

  /** Returns the issues of a value. */
  @tool() issues(): Pick<z.core.$ZodIssueTooBig, "code" | "maximum" | "message">[] {
    return recorded();
  }
}
