import type { LinearDocument } from "@linear/sdk";
import { tool } from "methodic";

export class LinearTools {
  /** Creates an issue. */
  @tool() createIssue(input: LinearDocument.IssueCreateInput): void {}

  /** Finds issues. */
  @tool() findIssues(filter: LinearDocument.IssueFilter): void {}

  /** Comments on an issue. */
  @tool() createComment(input: LinearDocument.CommentCreateInput): void {}

  /** Creates a project. */
  @tool() createProject(input: LinearDocument.ProjectCreateInput): void {}
}
