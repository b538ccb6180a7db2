import type {
  AppendBlockChildrenParameters,
  CreateCommentParameters,
  CreatePageParameters,
  PageObjectResponse,
  QueryDataSourceParameters,
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

  /** Creates a page. */
  @tool() createPage(page: CreatePageParameters): void {}

  /** Queries a data source. */
  @tool() queryDataSource(query: QueryDataSourceParameters): void {}

  /** Appends blocks to a page or block. */
  @tool() appendBlocks(blocks: AppendBlockChildrenParameters): void {}

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
