import type { PackageValues } from "../packages.ts";

const vehicle = { vin: "1M8GDM9AXKP042788", doors: 4, fuel: "electric", owner: { name: "Ann" } };

export const typebox: PackageValues = {
  register: { accepted: [vehicle], refused: [[{ ...vehicle, fuel: "steam" }, "vehicle.fuel"]] },
  change: { accepted: [{ doors: 2 }, {}], refused: [[{ vin: "1" }, "patch"]] },
  storeTree: {
    accepted: [{ id: "a", children: [{ id: "b", children: [] }] }],
    refused: [[{ id: "a", children: [{ id: "b" }] }, "tree.children[0].children"]],
  },
  getVehicle: { accepted: [vehicle], refused: [[{ ...vehicle, doors: null }, "doors"]] },
};
