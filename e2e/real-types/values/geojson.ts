import type { PackageValues } from "../packages.ts";

const point = { type: "Point", coordinates: [125.6, 10.1] };
const place = { type: "Feature", geometry: point, properties: { name: "Dinagat Islands" } };

export const geojson: PackageValues = {
  addPlace: {
    accepted: [place, { ...place, bbox: [1, 2, 3, 4] }],
    refused: [
      [{ ...place, geometry: { type: "Polygon", coordinates: [] } }, "place.geometry.type"],
      [{ ...place, properties: {} }, "place.properties.name"],
    ],
  },
  measure: {
    accepted: [
      {
        type: "LineString",
        coordinates: [
          [102, 0],
          [103, 1],
        ],
      },
    ],
    refused: [[{ type: "LineString", coordinates: [102, 0] }, "line.coordinates[0]"]],
  },
  draw: {
    accepted: [
      point,
      { type: "FeatureCollection", features: [place] },
      { type: "GeometryCollection", geometries: [point] },
    ],
    refused: [
      [{ type: "Circle", coordinates: [0, 0] }, "type"],
      [{ type: "Point", coordinates: "here" }, "coordinates"],
    ],
  },
  getFeatures: {
    accepted: [{ type: "FeatureCollection", features: [place] }],
    refused: [[{ type: "FeatureCollection", features: [point] }, "features[0].type"]],
  },
};
