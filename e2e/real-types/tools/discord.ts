import type {
  APIEmbed,
  APIInteractionResponse,
  APIMessage,
  APIUser,
  RESTPostAPIApplicationCommandsJSONBody,
  RESTPostAPIChannelMessageJSONBody,
} from "discord-api-types/v10";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class DiscordTools {
  /** Posts a message to a channel. */
  @tool() createMessage(message: RESTPostAPIChannelMessageJSONBody): void {}

  /** Checks an embed. */
  @tool() checkEmbed(embed: APIEmbed): void {}

  /** Registers a command. */
  @tool() registerCommand(command: RESTPostAPIApplicationCommandsJSONBody): void {}

  /** Responds to an interaction. */
  @tool() respond(response: APIInteractionResponse): void {}

  /** Returns a user. */
  @tool() getUser(): APIUser {
    return recorded();
  }

  /** Returns a message. */
  @tool() getMessage(): APIMessage {
    return recorded();
  }
}
