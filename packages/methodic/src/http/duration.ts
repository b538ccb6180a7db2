export { type TimeSpan, toMilliseconds } from "../context/duration.ts";
