import { Type, type Static } from "@sinclair/typebox";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

const Vehicle = Type.Object({
  vin: Type.String({ minLength: 17, maxLength: 17 }),
  doors: Type.Integer(),
  fuel: Type.Union([Type.Literal("diesel"), Type.Literal("electric")]),
  owner: Type.Optional(Type.Object({ name: Type.String() })),
});
const Node = Type.Recursive((This) => Type.Object({ id: Type.String(), children: Type.Array(This) }));
const Patch = Type.Partial(Type.Omit(Vehicle, ["vin"]));

export class TypeboxTools {
  /** Registers a vehicle. */
  @tool() register(vehicle: Static<typeof Vehicle>): void {}

  /** Changes a vehicle. */
  @tool() change(patch: Static<typeof Patch>): void {}

  /** Stores a tree. */
  @tool() storeTree(tree: Static<typeof Node>): void {}

  /** Returns a vehicle. */
  @tool() getVehicle(): Static<typeof Vehicle> {
    return recorded();
  }
}
