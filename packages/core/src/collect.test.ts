import { describe, expect, it } from "vitest";
import { finish, play, playThenThrow, start, text } from "../test/streams.ts";
import { collect } from "./collect.ts";
import { ProviderError } from "./provider-error.ts";
import type { StreamPart } from "./spec.ts";

describe("collect", () => {
  it("joins neighbouring deltas and keeps the order of kinds; interleaved calls find their own arguments", async () => {
    const thought = (value: string): StreamPart => ({ type: "reasoning-delta", text: value });
    const completion = await collect(
      play([
        [{ type: "start", modelId: "m", warnings: [{ setting: "settings.seed", message: "no" }] }, thought("th")],
        [thought("ink"), text("a"), text("b")],
        [
          { type: "tool-call-start", id: "1", name: "f" },
          { type: "tool-call-start", id: "2", name: "g" },
          { type: "tool-call-delta", id: "1", argumentsDelta: '{"a"' },
          { type: "tool-call-delta", id: "2", argumentsDelta: "{}" },
          { type: "tool-call-delta", id: "1", argumentsDelta: ":1}" },
        ],
        [
          { type: "warning", warning: { setting: "tools", message: "late" } },
          { type: "logprobs", tokens: [{ token: "a", logprob: -1, top: [] }] },
          text("c"),
          finish,
        ],
      ]),
    );
    expect(completion.content).toEqual([
      { type: "reasoning", text: "think" },
      { type: "text", text: "ab" },
      { type: "tool-call", id: "1", name: "f", arguments: '{"a":1}' },
      { type: "tool-call", id: "2", name: "g", arguments: "{}" },
      { type: "text", text: "c" },
    ]);
    expect(completion.warnings.map((warning) => warning.setting)).toEqual(["settings.seed", "tools"]);
    expect(completion.logprobs).toEqual([{ token: "a", logprob: -1, top: [] }]);
    expect(completion.finish).toBe(finish);
  });

  it("rejects as the stream does: half an answer is no answer", async () => {
    const error = new ProviderError({ code: "upstream_stream_interrupted", message: "Cut." });
    await expect(collect(playThenThrow([[start, text("a")]], error))).rejects.toBe(error);
  });

  it("does not take a stream that just stops for an answer", async () => {
    await expect(collect(play([[start, text("a")]]))).rejects.toMatchObject({ code: "provider_error" });
  });
});
