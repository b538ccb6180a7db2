export type { TimeSpan } from "./duration.ts";
export type { HttpLimits, HttpOptions, RouteHandler } from "./http-options.ts";
export type { EventStore } from "./legacy/event-store.ts";
export { MemoryEventStore, type MemoryEventStoreOptions } from "./legacy/memory-event-store.ts";
export type { SessionOptions } from "./legacy/session-options.ts";
