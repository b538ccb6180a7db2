import type { PackageValues } from "../packages.ts";

const trip = { from: "Paris", to: "Rome", stops: [{ city: "Lyon", arrives: "2026-01-31T12:30:00.000Z" }] };

/** The same types in three major versions of type-fest. */
export const typeFest: PackageValues = {
  storeJson: { accepted: [{ a: [1, "b", null, { c: true }] }, "text", null], refused: [] },
  storeObject: {
    accepted: [{ a: { b: [1] } }, {}],
    refused: [
      [5, "value"],
      [[1], "value"],
    ],
  },
  planTrip: {
    accepted: [trip],
    refused: [[{ ...trip, stops: [{ city: "Lyon", arrives: "soon" }] }, "trip.stops[0].arrives"]],
  },
  changeTrip: { accepted: [{ to: "Pisa" }, {}, trip], refused: [[{ to: 5 }, "trip.to"]] },
  copyTrip: {
    accepted: [{ from: "Paris", to: "Rome", copies: 2 }],
    refused: [[{ from: "Paris", to: "Rome" }, "trip.copies"]],
  },
  getTrip: { accepted: [trip], refused: [[{ ...trip, stops: [{ city: "Lyon" }] }, "stops[0].arrives"]] },
  getPackage: {
    accepted: [
      {
        name: "methodic",
        version: "1.0.0",
        type: "module",
        exports: { ".": { types: "./index.d.ts", default: "./index.js" } },
        dependencies: { zod: "^4.0.0" },
        scripts: { build: "tsc" },
      },
    ],
    refused: [[{ name: 5 }, "name"]],
  },
};
