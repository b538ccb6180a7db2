import type { calendar_v3 } from "@googleapis/calendar";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class CalendarTools {
  /** Creates an event. */
  @tool() insertEvent(params: calendar_v3.Params$Resource$Events$Insert): void {}

  /** Lists the events of a calendar. */
  @tool() listEvents(params: calendar_v3.Params$Resource$Events$List): void {}

  /** Returns free and busy times. */
  @tool() queryFreeBusy(request: calendar_v3.Schema$FreeBusyRequest): void {}

  /** Returns an event. */
  @tool() getEvent(): calendar_v3.Schema$Event {
    return recorded();
  }
}
