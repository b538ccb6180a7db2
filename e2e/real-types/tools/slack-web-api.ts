import type {
  ChatPostMessageArguments,
  ConversationsHistoryArguments,
  ReactionsAddArguments,
  UsersInfoResponse,
  ViewsOpenArguments,
} from "@slack/web-api";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class SlackTools {
  /** Sends a message to a channel. */
  @tool() postMessage(message: ChatPostMessageArguments): void {}

  /** Fetches a conversation's history of messages. */
  @tool() readHistory(query: ConversationsHistoryArguments): void {}

  /** Adds a reaction to an item. */
  @tool() addReaction(reaction: ReactionsAddArguments): void {}

  /** Opens a view for a user. */
  @tool() openView(view: ViewsOpenArguments): void {}

  /** Returns a user. */
  @tool() userInfo(): UsersInfoResponse {
    return recorded();
  }
}
