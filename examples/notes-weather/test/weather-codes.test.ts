import { describe, expect, it } from "vitest";
import { describeWeatherCode } from "../src/weather-codes.ts";

describe("describeWeatherCode", () => {
  it.each([
    [0, "Clear sky"],
    [3, "Overcast"],
    [45, "Fog"],
    [65, "Heavy rain"],
    [77, "Snow grains"],
    [99, "Thunderstorm with heavy hail"],
  ])("describes %i as %s", (code, words) => {
    expect(describeWeatherCode(code)).toBe(words);
  });

  it("shows the number of an unknown code", () => {
    expect(describeWeatherCode(42)).toBe("Unknown (WMO code 42)");
  });
});
