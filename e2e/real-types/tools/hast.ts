import type { Element, Root } from "hast";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class HtmlTools {
  /** Renders an element. */
  @tool() render(element: Element): void {}

  /** Returns a document. */
  @tool() parse(): Root {
    return recorded();
  }
}
