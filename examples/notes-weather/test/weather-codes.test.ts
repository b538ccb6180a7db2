import { describe, expect, it } from "vitest";
import { describeWeatherCode } from "../src/weather-codes.ts";

describe("a weather code", () => {
  it.each([
    [0, "Clear sky"],
    [3, "Overcast"],
    [45, "Fog"],
    [65, "Heavy rain"],
    [77, "Snow grains"],
    [99, "Thunderstorm with heavy hail"],
  ])("%i means %s", (code, words) => {
    expect(describeWeatherCode(code)).toBe(words);
  });

  it("is shown as it is if it means nothing", () => {
    expect(describeWeatherCode(42)).toBe("Unknown (WMO code 42)");
  });
});
