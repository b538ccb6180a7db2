import type { drive_v3 } from "@googleapis/drive";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class DriveTools {
  /** Lists files. */
  @tool() listFiles(params: drive_v3.Params$Resource$Files$List): void {}

  /** Shares a file. */
  @tool() createPermission(params: drive_v3.Params$Resource$Permissions$Create): void {}

  /** Returns a file. */
  @tool() getFile(): drive_v3.Schema$File {
    return recorded();
  }
}
