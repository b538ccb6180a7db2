import type { PullRequestOpenedEvent, PushEvent, StarCreatedEvent, User } from "@octokit/webhooks-types";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class WebhookTools {
  /** Replays a star. */
  @tool() replayStar(event: Pick<StarCreatedEvent, "action" | "starred_at" | "sender">): void {}

  /** Replays commits of a push. */
  @tool() replayCommits(event: Pick<PushEvent, "ref" | "before" | "after" | "commits">): void {}

  /** Returns the sender of the latest event. */
  @tool() sender(): User {
    return recorded();
  }

  /** Returns the latest pull request. */
  @tool() openedPull(): PullRequestOpenedEvent {
    return recorded();
  }
}
