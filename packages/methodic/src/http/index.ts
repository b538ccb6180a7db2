export { MemoryEventStore, type MemoryEventStoreOptions } from "./legacy/memory-event-store.ts";
export type { EventStore } from "./legacy/event-store.ts";
export type { SessionOptions } from "./legacy/session-options.ts";
export type { HttpLimits, HttpOptions, RouteHandler } from "./http-options.ts";
