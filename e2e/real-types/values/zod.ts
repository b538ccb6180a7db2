import type { PackageValues } from "../packages.ts";

const contact = { name: "Ann", email: "ann@example.com", phones: [{ kind: "home", number: "555" }] };

export const zod: PackageValues = {
  addContact: {
    accepted: [contact, { name: "Ann", email: "ann@example.com" }],
    refused: [[{ ...contact, phones: [{ kind: "car", number: "555" }] }, "contact.phones[0].kind"]],
  },
  draw: {
    accepted: [
      { kind: "circle", radius: 1 },
      { kind: "square", side: 2 },
    ],
    refused: [
      [{ kind: "circle", side: 2 }, "side"],
      [{ kind: "triangle" }, "kind"],
    ],
  },
  store: { accepted: [{ a: [1, "b", null, { c: true }] }, null], refused: [] },
  getContact: { accepted: [contact], refused: [[{ name: "Ann", email: "ann@example.com" }, "phones"]] },
  issues: {
    accepted: [[{ code: "too_big", maximum: 5, message: "Too big" }]],
    refused: [[[{ code: "too_big", message: "Too big" }], "[0].maximum"]],
  },
};
