import type { Heading, List, PhrasingContent, Root } from "mdast";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class MarkdownTools {
  /** Renders a document. */
  @tool() render(root: Root): void {}

  /** Renders a heading. */
  @tool() renderHeading(heading: Heading): void {}

  /** Returns a list. */
  @tool() parseList(): List {
    return recorded();
  }

  /** Returns the parts of a paragraph. */
  @tool() parseParagraph(): PhrasingContent[] {
    return recorded();
  }
}
