import type { AtRule, Property, StandardProperties } from "csstype";
import { tool } from "methodic";

type Layout = Pick<StandardProperties, "display" | "position" | "gap" | "margin" | "padding" | "zIndex">;

export class CssTools {
  /** Styles an element. */
  @tool() style(rules: Layout): void {}

  /** Sets the display of an element. */
  @tool() setDisplay(display: Property.Display): void {}

  /** Loads a font. */
  @tool() loadFont(font: AtRule.FontFace): void {}

  /** Styles an element by any property. */
  @tool() styleFully(rules: StandardProperties): void {}
}
