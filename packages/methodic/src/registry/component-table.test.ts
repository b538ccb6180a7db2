import { describe, expect, it, vi } from "vitest";
import type { Component } from "./component.ts";
import { ComponentTable, computeFrom } from "./component-table.ts";

const component = (name: string, isEnabledAtFirst = true): Component => ({ name, isEnabledAtFirst }) as Component;

function tableOf(...components: readonly Component[]): ComponentTable<Component> {
  const table = new ComponentTable<Component>();
  for (const one of components) table.add(one.name, one);
  return table;
}

const namesIn = (table: ComponentTable<Component>): readonly string[] => table.listed().map(({ name }) => name);

describe("ComponentTable", () => {
  it("finds and lists components that are enabled", () => {
    const table = tableOf(component("a"), component("b", false));
    expect([table.find("a")?.name, table.find("b"), table.get("b")?.name]).toEqual(["a", undefined, "b"]);
    expect(namesIn(table)).toEqual(["a"]);
    expect([table.isEnabled("a"), table.isEnabled("b")]).toEqual([true, false]);
  });

  it("keeps the order of addition when components are disabled and enabled again", () => {
    const table = tableOf(component("a"), component("b"), component("c"));
    table.setEnabled("a", false);
    expect(namesIn(table)).toEqual(["b", "c"]);
    table.setEnabled("a", true);
    expect(namesIn(table)).toEqual(["a", "b", "c"]);
  });

  it("returns all versions of a name, the disabled ones included, as they come and go", () => {
    const versioned = (key: string, version?: string, isEnabledAtFirst = true): Component =>
      ({ name: key, key, version, isEnabledAtFirst }) as Component;
    const table = new ComponentTable<Component>();
    table.add("a", versioned("a"));
    expect([...table.allVersionsOf("a").keys()]).toEqual(["a"]);
    table.add("a@2", versioned("a", "2", false));
    table.add("b", versioned("b"));
    expect([...table.allVersionsOf("a").keys()]).toEqual(["a", "a@2"]);
    expect([table.isEnabled("a"), table.isEnabled("a@2")]).toEqual([true, false]);
    table.add("a@3", versioned("a", "3"));
    table.remove("a");
    table.remove("b");
    expect([...table.allVersionsOf("a").keys(), ...table.allVersionsOf("b").keys()]).toEqual(["a@2", "a@3"]);
    for (const key of ["a@2", "a@3"]) table.remove(key);
    expect(table.allVersionsOf("a").size).toBe(0);
  });

  it("tells which changes have no effect", () => {
    const table = tableOf(component("a"));
    const { revision } = table;
    expect([table.setEnabled("a", true), table.setEnabled("x", false), table.remove("x")]).toEqual([
      false,
      false,
      undefined,
    ]);
    expect(table.revision).toBe(revision);
  });

  it("forgets a removed component", () => {
    const table = tableOf(component("a"), component("b"));
    expect(table.remove("a")?.name).toBe("a");
    expect([table.find("a"), table.get("a"), namesIn(table)]).toEqual([undefined, undefined, ["b"]]);
  });

  it("is declared if it has a component, even a disabled one, or may get one", () => {
    const table = new ComponentTable<Component>();
    expect(table.isDeclared).toBe(false);
    table.markDynamic();
    expect([table.isDeclared, table.isDynamic]).toEqual([true, true]);
    expect(tableOf(component("a", false))).toMatchObject({ isDeclared: true, isDynamic: false });
  });
});

describe("computeFrom", () => {
  it("computes again only after a change of one of the tables", () => {
    const first = tableOf(component("a"));
    const second = tableOf();
    const compute = vi.fn<() => readonly string[]>(() => [...namesIn(first), ...namesIn(second)]);
    const names = computeFrom([first, second], compute);
    expect(compute).not.toHaveBeenCalled();
    expect([names(), names()]).toEqual([["a"], ["a"]]);
    expect(compute).toHaveBeenCalledTimes(1);
    second.add("b", component("b"));
    expect(names()).toEqual(["a", "b"]);
    first.remove("a");
    expect([names(), names()]).toEqual([["b"], ["b"]]);
    expect(compute).toHaveBeenCalledTimes(3);
  });
});
