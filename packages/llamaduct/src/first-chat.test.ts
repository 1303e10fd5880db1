// What a first chat does not need is not loaded for it. Here it cannot be.

import { startEmulator } from "@llamaduct/ollama-emulator";
import { expect, it, vi } from "vitest";
import { createLlamaduct } from "./index.ts";

const { absent } = vi.hoisted(() => ({
  absent: () => {
    throw new Error("There is no such file.");
  },
}));
vi.mock("@llamaduct/openai-dialect", absent);
vi.mock("@llamaduct/router", absent);
vi.mock("../../http/src/tell-exchanges.ts", absent);
vi.mock("../../http/src/transport-error.ts", absent);
vi.mock("../../reasoning-tags/src/reasoning-splitter.ts", absent);
vi.mock("@llamaduct/images", absent);
vi.mock("@llamaduct/json-tool-calls", absent);
vi.mock("@llamaduct/structured-output", absent);
vi.mock("../../openai-compatible/src/work.ts", absent);
vi.mock("../../ollama-host/src/failures.ts", absent);
vi.mock("../../ollama-host/src/place-extras.ts", absent);
vi.mock("../../ollama-host/src/questions.ts", absent);
vi.mock("./begin-several.ts", absent);
vi.mock("./beside-chat.ts", absent);
vi.mock("./near-names.ts", absent);
vi.mock("./parse-answer.ts", absent);
vi.mock("./split-routing.ts", absent);

const request = { model: "ollama_chat/plain", messages: [{ role: "user", content: "hi" }] } as const;

it("needs the entry alone, whole and streamed", async () => {
  await using emulator = await startEmulator();
  const { completion } = createLlamaduct({ settings: { ollama_chat: { baseURL: emulator.url } } });
  const whole = await completion({ ...request, temperature: 0, max_tokens: 50 });
  const content = "The quick brown llama jumps over the lazy alpaca.";
  expect(whole.choices[0]?.message.content).toBe(content);
  let streamed = "";
  for await (const { choices } of await completion({ ...request, stream: true }))
    streamed += choices[0]?.delta.content ?? "";
  expect(streamed).toBe(content);
});

it.each([
  ["tools", { tools: [{ type: "function", function: { name: "f" } }] }],
  ["a response format", { response_format: { type: "json_object" } }],
  ["an image", { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:" } }] }] }],
  ["several choices", { n: 2 }],
  ["retries", { num_retries: 1 }],
] as const)("%s need more than that", async (_, more) => {
  await using emulator = await startEmulator();
  const { chat } = createLlamaduct({ settings: { ollama_chat: { baseURL: emulator.url } } });
  await expect(chat({ ...request, ...more })).rejects.toMatchObject({
    code: "provider_error",
    message: "A part of llamaduct that this request needs could not be loaded.",
  });
});
