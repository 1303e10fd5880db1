import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type ScriptedGgufOptions, scriptedGguf } from "./scripted-gguf.ts";

const chatTemplate = readFileSync(new URL("native.jinja", import.meta.url), "utf8");

describe("scriptedGguf", () => {
  it("writes a GGUF 3 header with twelve tensors", () => {
    const view = new DataView(scriptedGguf().buffer);
    expect(new TextDecoder().decode(scriptedGguf().subarray(0, 4))).toBe("GGUF");
    expect(view.getUint32(4, true)).toBe(3);
    expect(view.getBigUint64(8, true)).toBe(12n);
    expect(view.getBigUint64(16, true)).toBe(25n);
  });

  // The bytes that real servers have accepted and played. When a script changes on purpose, run the live suite, then pin anew.
  it.each<[string, ScriptedGgufOptions, string]>([
    ["a chat model", {}, "565443ea13482bbabd87dd473c31d614ce4198ac6a1a66c411ffbfdaac0560c8"],
    ["an embedding model", { embedding: true }, "9e91c1a531b7f98aff7f0cae5ec290c6c95a566d64a0722dc17cd214eef81da1"],
    ["a chat template", { chatTemplate }, "0198e836a02739f5570eecf9c7659f48968b9abc95608f2e667c8db6cc0a507b"],
  ])("gives the same bytes as ever: %s", (_, options, sha256) => {
    expect(createHash("sha256").update(scriptedGguf(options)).digest("hex")).toBe(sha256);
  });
});
