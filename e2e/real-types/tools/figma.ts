import type { Comment, Paint, PostCommentRequestBody, RGBA } from "@figma/rest-api-spec";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class FigmaTools {
  /** Posts a comment. */
  @tool() postComment(comment: PostCommentRequestBody): void {}

  /** Sets the color of a layer. */
  @tool() setColor(color: RGBA): void {}

  /** Returns the fills of a layer. */
  @tool() fills(): Paint[] {
    return recorded();
  }

  /** Returns comments. */
  @tool() comments(): Comment[] {
    return recorded();
  }
}
