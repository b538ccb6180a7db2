import type { PackageValues } from "../packages.ts";

const attendee = { type: "required", emailAddress: { address: "samanthab@contoso.com", name: "Samantha Booth" } };

export const microsoftGraph: PackageValues = {
  sendMail: {
    accepted: [
      {
        subject: "Meet for lunch?",
        body: { contentType: "text", content: "The new cafeteria is open." },
        toRecipients: [{ emailAddress: { address: "garthf@contoso.com" } }],
      },
    ],
    refused: [[{ importance: "urgent" }, "message.importance"]],
  },
  createEvent: {
    accepted: [
      {
        subject: "Let's go for lunch",
        start: { dateTime: "2017-04-15T12:00:00", timeZone: "Pacific Standard Time" },
        attendees: [attendee],
      },
    ],
    refused: [[{ attendees: [{ ...attendee, type: "host" }] }, "event.attendees[0].type"]],
  },
  createTask: {
    accepted: [{ title: "A new task", categories: ["Important"], importance: "high" }],
    refused: [[{ title: 5 }, "task.title"]],
  },
  getItem: {
    accepted: [{ id: "01ABC", name: "plan.docx", size: 1024, file: { mimeType: "text/plain" } }],
    refused: [[{ size: "big" }, "size"]],
  },
};
