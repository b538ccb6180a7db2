import type { Button, HomeView, KnownBlock, MessageAttachment } from "@slack/types";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class SlackBlockTools {
  /** Checks the blocks of a message. */
  @tool() validateBlocks(blocks: KnownBlock[]): void {}

  /** Checks a button. */
  @tool() validateButton(button: Button): void {}

  /** Publishes a home view. */
  @tool() publishHome(view: HomeView): void {}

  /** Returns the attachments of the latest message. */
  @tool() attachments(): MessageAttachment[] {
    return recorded();
  }
}
