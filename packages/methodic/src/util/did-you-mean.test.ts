import { describe, expect, it } from "vitest";
import { didYouMean, nearest } from "./did-you-mean.ts";

describe("nearest", () => {
  it.each([
    ["addNote", ["add_note", "delete_note"], "add_note"],
    ["add-note", ["addNote"], "addNote"],
    ["titel", ["title", "text"], "title"],
    ["tilte", ["text", "title"], "title"],
    ["Add_Note", ["add_note", "addNote"], "add_note"],
    ["get_ntoe", ["add_note", "get_note", "list_notes"], "get_note"],
    ["lst_notes", ["add_note", "get_note", "list_notes"], "list_notes"],
    ["-agee", ["age", "-age", "name"], "-age"],
    ["agee", ["-age", "age"], "age"],
    ["Open", ["OPEN", "open", "Closed"], "open"],
    ["x", ["X"], "X"],
  ])("finds for %j among %j the word %j", (word, candidates, expected) => {
    expect(nearest(word, candidates)).toBe(expected);
  });

  it.each([
    ["x", ["yz"]],
    ["", []],
    ["weather", ["add_note", "get_note"]],
    ["list", ["remove", "add"]],
    ["note", []],
    ["a".repeat(5000), ["b".repeat(5000)]],
  ])("finds nothing for a word that is too different", (word, candidates) => {
    expect(nearest(word, candidates)).toBeUndefined();
  });
});

describe("didYouMean", () => {
  it("is a sentence that follows another one, or empty", () => {
    expect(didYouMean("titel", ["title"])).toBe(' Did you mean "title"?');
    expect(didYouMean("x", ["title"])).toBe("");
  });
});
