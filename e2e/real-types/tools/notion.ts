import type {
  CreateCommentParameters,
  PageObjectResponse,
  RichTextItemResponse,
  SearchParameters,
  UserObjectResponse,
} from "@notionhq/client";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class NotionTools {
  /** Searches pages by title. */
  @tool() search(query: SearchParameters): void {}

  /** Creates a comment. */
  @tool() createComment(comment: CreateCommentParameters): void {}

  /** Returns a page. */
  @tool() getPage(): PageObjectResponse {
    return recorded();
  }

  /** Returns a rich text. */
  @tool() getText(): RichTextItemResponse[] {
    return recorded();
  }

  /** Returns a user. */
  @tool() getUser(): UserObjectResponse {
    return recorded();
  }
}
