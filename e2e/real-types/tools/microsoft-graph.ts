import type { DriveItem, Event, Message, TodoTask } from "@microsoft/microsoft-graph-types";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class GraphTools {
  /** Sends a mail. */
  @tool() sendMail(message: Message): void {}

  /** Creates an event. */
  @tool() createEvent(event: Event): void {}

  /** Creates a task. */
  @tool() createTask(task: TodoTask): void {}

  /** Returns a file. */
  @tool() getItem(): Pick<DriveItem, "id" | "name" | "size" | "webUrl" | "file" | "folder"> {
    return recorded();
  }
}
