import { tool } from "methodic";
import type {
  JsonObject,
  Jsonify,
  JsonValue,
  Merge,
  PackageJson,
  PartialDeep,
  ReadonlyDeep,
  SetOptional,
} from "type-fest-4";
import { recorded } from "../recorded.js";

interface Trip {
  from: string;
  to: string;
  stops: { city: string; arrives: Date }[];
}

export class TypeFest4Tools {
  /** Stores any JSON. */
  @tool() storeJson(value: JsonValue): void {}

  /** Stores an object. */
  @tool() storeObject(value: JsonObject): void {}

  /** Plans a trip. */
  @tool() planTrip(trip: ReadonlyDeep<Trip>): void {}

  /** Changes a trip. */
  @tool() changeTrip(trip: PartialDeep<Trip>): void {}

  /** Copies a trip. */
  @tool() copyTrip(trip: Merge<SetOptional<Trip, "stops">, { copies: number }>): void {}

  /** Returns a trip as JSON. */
  @tool() getTrip(): Jsonify<Trip> {
    return recorded();
  }

  /** Returns the manifest of a package. */
  @tool() getPackage(): PackageJson {
    return recorded();
  }
}
