import { describe, expect, it } from "vitest";
import { seededRandom } from "../test/seeded-random.ts";
import { decodeChatRequest } from "./decode-chat-request.ts";
import { decodePlainChat } from "./decode-plain-chat.ts";

const hello = { model: "m", messages: [{ role: "user", content: "hi" }] };

describe("decodePlainChat", () => {
  it.each<[object]>([
    [{}],
    [{ stream: true, stream_options: { include_usage: true } }],
    [{ stream_options: {}, n: 3, stop: "a", seed: 1, top_k: 2, min_p: 0.1 }],
    [{ temperature: 0, top_p: null, max_tokens: 5, max_completion_tokens: 6, stop: ["a", "b"] }],
    [{ frequency_penalty: 1, presence_penalty: 0.5, reasoning_effort: { effort: "ultra" } }],
    [
      {
        messages: [
          { role: "developer", content: "" },
          { role: "system", content: "s" },
          { role: "assistant", content: "" },
        ],
      },
    ],
  ])("gives what decodeChatRequest gives for %j", (fields) => {
    const body = { ...hello, ...fields };
    expect(decodePlainChat(body)).toStrictEqual(decodeChatRequest(body));
  });

  it.each<[object]>([
    [{ tools: [] }],
    [{ response_format: { type: "text" } }],
    [{ format: "json" }],
    [{ drop_params: false }],
    [{ logprobs: true }],
    [{ logit_bias: {} }],
    [{ num_ctx: 1 }],
    [{ user: "u" }],
    [{ merge_reasoning_content_in_choices: true }],
    [{ constructor: 1 }],
    [{ stream_options: { include_obfuscation: true } }],
    [{ messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }] }],
    [{ messages: [{ role: "user", content: "hi", name: "n" }] }],
    [{ messages: [{ role: "user", content: "hi", images: [] }] }],
    [{ messages: [{ role: "assistant", content: "a", reasoning: "r" }] }],
    [{ messages: [{ role: "assistant", content: null, tool_calls: [] }] }],
    [{ messages: [{ role: "tool", content: "t", tool_call_id: "c" }] }],
    [{ messages: [] }],
    [{ temperature: "0" }],
    [{ n: 0 }],
  ])("leaves %j to decodeChatRequest", (fields) => {
    expect(decodePlainChat({ ...hello, ...fields })).toBeUndefined();
  });

  it("never says anything else than decodeChatRequest", () => {
    const pick = seededRandom(27);
    const values = [undefined, null, 0, 1, 2.5, -1, "", "a", "user", "low", true, false, [], ["a"], {}];
    const names = ["model", "n", "stream", "stream_options", "temperature", "max_tokens", "seed", "stop", "top_k"];
    const value = () => values[pick(values.length)];
    let plain = 0;
    for (let round = 0; round < 3000; round++) {
      const messages = [{ role: ["user", "system", "assistant"][pick(3)], content: pick(9) === 0 ? value() : "hi" }];
      const fields = Object.fromEntries(names.flatMap((name) => (pick(4) === 0 ? [[name, value()]] : [])));
      const body = { ...hello, messages, ...fields };
      const decoded = decodePlainChat(body);
      if (decoded === undefined) continue;
      plain += 1;
      expect(decoded, JSON.stringify(body)).toStrictEqual(decodeChatRequest(body));
    }
    expect(plain).toBeGreaterThan(300);
  });
});
