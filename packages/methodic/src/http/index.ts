export type { TimeSpan } from "../util/duration.ts";
export type { HttpLimits, HttpOptions, RouteHandler } from "./options.ts";
export type { EventStore } from "./event-store.ts";
export { MemoryEventStore, type MemoryEventStoreOptions } from "./event-store.ts";
export type { SessionOptions } from "./streamable-2025/session-options.ts";
