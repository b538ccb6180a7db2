import { describe, expect, it, vi } from "vitest";
import { EventBus } from "./event-bus.ts";

const event = { kind: "tools_list_changed" } as const;

describe("EventBus", () => {
  it("publishes events to every listener, even if one throws", () => {
    const bus = new EventBus();
    const listener = vi.fn<(given: unknown) => void>();
    bus.subscribe(() => {
      throw new Error("deaf");
    });
    bus.subscribe(listener);
    bus.publish(event);
    expect(listener.mock.calls).toEqual([[event]]);
  });

  it("calls a listener once per subscription and ends each subscription once", () => {
    const bus = new EventBus();
    const listener = vi.fn<(given: unknown) => void>();
    const [end] = [bus.subscribe(listener), bus.subscribe(listener)];
    end?.();
    end?.();
    bus.publish(event);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("does not publish an event to a listener that it subscribed", () => {
    const bus = new EventBus();
    const late = vi.fn<(given: unknown) => void>();
    bus.subscribe(() => void bus.subscribe(late));
    bus.publish(event);
    expect(late).not.toHaveBeenCalled();
  });
});
