import { tool } from "methodic";
import type { ApiMethods, InlineKeyboardMarkup, Message, Update, User } from "@telegraf/types";
import { recorded } from "../recorded.js";

type Params<M extends keyof ApiMethods<never>> = Parameters<ApiMethods<never>[M]>[0];

export class TelegramTools {
  /** Sends a message. */
  @tool() sendMessage(params: Params<"sendMessage">): void {}

  /** Checks the keys under a message. */
  @tool() checkKeyboard(keyboard: InlineKeyboardMarkup): void {}

  /** Returns the bot. */
  @tool() getMe(): User {
    return recorded();
  }

  /** Returns a text message. */
  @tool() getMessage(): Message.TextMessage {
    return recorded();
  }

  /** Returns what happened since the last call. */
  @tool() getUpdates(): Update[] {
    return recorded();
  }
}
