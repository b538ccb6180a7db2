import { describe, expect, it } from "vitest";
import { deriveTitle } from "./names.ts";

describe("deriveTitle", () => {
  it.each([
    ["add_note", "Add note"],
    ["addNote", "Add note"],
    ["add-note", "Add note"],
    ["notes.add", "Notes add"],
    ["github/create_issue", "Github create issue"],
    ["$add__note_", "Add note"],
    ["getURL", "Get URL"],
    ["getURLs", "Get URLs"],
    ["get_url", "Get URL"],
    ["list_ids", "List IDs"],
    ["HTTPServer", "HTTP server"],
    ["getHTTPServer2", "Get HTTP server 2"],
    ["step1", "Step 1"],
    ["getV2Data", "Get V2 data"],
    ["sha256", "Sha 256"],
    ["hashSHA256", "Hash SHA256"],
    ["planB", "Plan B"],
    ["pickACard", "Pick a card"],
    ["x", "X"],
    ["größeÄndern", "Größe ändern"],
    ["追加", "追加"],
    ["𐐨𐐩", "𐐀𐐩"],
    ["_", "_"],
    ["", ""],
  ])("derives a title from %s", (name, title) => {
    expect(deriveTitle(name)).toBe(title);
  });
});
