import type { sheets_v4 } from "@googleapis/sheets";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class SheetsTools {
  /** Appends values to a spreadsheet. */
  @tool() appendValues(params: sheets_v4.Params$Resource$Spreadsheets$Values$Append): void {}

  /** Changes a spreadsheet. */
  @tool() batchUpdate(params: sheets_v4.Params$Resource$Spreadsheets$Batchupdate): void {}

  /** Returns a range of values. */
  @tool() getValues(): sheets_v4.Schema$ValueRange {
    return recorded();
  }
}
