import type { Feature, FeatureCollection, GeoJSON, LineString, Point } from "geojson";
import { tool } from "methodic";
import { recorded } from "../recorded.js";

export class GeoJsonTools {
  /** Adds a place. */
  @tool() addPlace(place: Feature<Point, { name: string }>): void {}

  /** Measures a line. */
  @tool() measure(line: LineString): void {}

  /** Draws a map. */
  @tool() draw(map: GeoJSON): void {}

  /** Returns features. */
  @tool() getFeatures(): FeatureCollection {
    return recorded();
  }
}
