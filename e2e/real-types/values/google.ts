import type { PackageValues } from "../packages.ts";

export const googleCalendar: PackageValues = {
  insertEvent: {
    accepted: [
      {
        calendarId: "primary",
        sendUpdates: "all",
        requestBody: {
          summary: "Google I/O 2015",
          start: { dateTime: "2015-05-28T09:00:00-07:00", timeZone: "America/Los_Angeles" },
          end: { dateTime: "2015-05-28T17:00:00-07:00" },
          attendees: [{ email: "lpage@example.com" }],
        },
      },
    ],
    refused: [[{ requestBody: { attendees: [{ email: 5 }] } }, "params.requestBody.attendees[0].email"]],
  },
  listEvents: {
    accepted: [{ calendarId: "primary", timeMin: "2011-06-03T10:00:00Z", maxResults: 10, singleEvents: true }],
    refused: [[{ maxResults: "ten" }, "params.maxResults"]],
  },
  queryFreeBusy: {
    accepted: [{ timeMin: "2011-06-03T10:00:00Z", timeMax: "2011-06-04T10:00:00Z", items: [{ id: "primary" }] }],
    refused: [[{ items: "primary" }, "request.items"]],
  },
  getEvent: {
    accepted: [{ id: "abc", status: "confirmed", start: { date: "2026-01-31" }, reminders: { useDefault: true } }],
    refused: [[{ id: 5 }, "id"]],
  },
};

export const googleDrive: PackageValues = {
  listFiles: {
    accepted: [{ q: "mimeType = 'image/jpeg'", fields: "nextPageToken, files(id, name)", spaces: "drive" }],
    refused: [[{ pageSize: "all" }, "params.pageSize"]],
  },
  createPermission: {
    accepted: [{ fileId: "1a2b", requestBody: { type: "user", role: "writer", emailAddress: "user@example.com" } }],
    refused: [[{ requestBody: { role: ["writer"] } }, "params.requestBody.role"]],
  },
  getFile: {
    accepted: [
      { id: "1a2b", name: "Report", mimeType: "text/plain", parents: ["root"], capabilities: { canEdit: true } },
    ],
    refused: [[{ parents: "root" }, "parents"]],
  },
};

export const googleSheets: PackageValues = {
  appendValues: {
    accepted: [
      {
        spreadsheetId: "1BxiMVs0",
        range: "Sheet1!A1:D1",
        valueInputOption: "USER_ENTERED",
        requestBody: { values: [["Door", "$15", 2, "3/15/2016"]] },
      },
    ],
    refused: [[{ requestBody: { values: "Door" } }, "params.requestBody.values"]],
  },
  batchUpdate: {
    accepted: [
      {
        spreadsheetId: "1BxiMVs0",
        requestBody: { requests: [{ updateSpreadsheetProperties: { properties: { title: "New" }, fields: "title" } }] },
      },
    ],
    refused: [[{ requestBody: { requests: [{ addSheet: 5 }] } }, "params.requestBody.requests[0].addSheet"]],
  },
  getValues: {
    accepted: [{ range: "Sheet1!A1:D3", majorDimension: "ROWS", values: [["Item", "Cost"]] }],
    refused: [[{ range: 5 }, "range"]],
  },
};
