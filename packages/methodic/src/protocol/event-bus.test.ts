import { describe, expect, it, vi } from "vitest";
import { EventBus } from "./event-bus.ts";

const event = { kind: "tools_list_changed" } as const;

describe("a hub of changes", () => {
  it("tells every listener, also past one that throws", () => {
    const hub = new EventBus();
    const listener = vi.fn<(given: unknown) => void>();
    hub.subscribe(() => {
      throw new Error("deaf");
    });
    hub.subscribe(listener);
    hub.publish(event);
    expect(listener.mock.calls).toEqual([[event]]);
  });

  it("counts a listener as often as it subscribed, and forgets each subscription once", () => {
    const hub = new EventBus();
    const listener = vi.fn<(given: unknown) => void>();
    const [end] = [hub.subscribe(listener), hub.subscribe(listener)];
    end?.();
    end?.();
    hub.publish(event);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("does not tell a listener of the event that made it listen", () => {
    const hub = new EventBus();
    const late = vi.fn<(given: unknown) => void>();
    hub.subscribe(() => void hub.subscribe(late));
    hub.publish(event);
    expect(late).not.toHaveBeenCalled();
  });
});
