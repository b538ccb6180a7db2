import type { RestEndpointMethodTypes } from "@octokit/plugin-rest-endpoint-methods";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

type Issues = RestEndpointMethodTypes["issues"];
type Pulls = RestEndpointMethodTypes["pulls"];
type Repos = RestEndpointMethodTypes["repos"];

export class OctokitTools {
  /** Creates an issue. */
  @tool() createIssue(params: Issues["create"]["parameters"]): void {}

  /** Lists the issues of a repository. */
  @tool() listIssues(params: Issues["listForRepo"]["parameters"]): void {}

  /** Adds labels to an issue. */
  @tool() addLabels(params: Issues["addLabels"]["parameters"]): void {}

  /** Merges a pull request. */
  @tool() mergePull(params: Pulls["merge"]["parameters"]): void {}

  /** Creates or updates a file. */
  @tool() writeFile(params: Repos["createOrUpdateFileContents"]["parameters"]): void {}

  /** Creates a check run. */
  @tool() createCheck(params: RestEndpointMethodTypes["checks"]["create"]["parameters"]): void {}

  /** Returns a label. */
  @tool() getLabel(): Issues["getLabel"]["response"]["data"] {
    return recorded();
  }

  /** Returns an issue. */
  @tool() getIssue(): Issues["get"]["response"]["data"] {
    return recorded();
  }

  /** Returns branches. */
  @tool() listBranches(): Repos["listBranches"]["response"]["data"] {
    return recorded();
  }

  /** Returns the answer to a merge, with status and headers. */
  @tool() mergeResponse(): Pulls["merge"]["response"] {
    return recorded();
  }
}
