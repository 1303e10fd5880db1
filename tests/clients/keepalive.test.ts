import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { ChatOpenAI } from "@langchain/openai";
import { streamText } from "ai";
import OpenAI from "openai";
import { expect, it } from "vitest";
import { findPython } from "./find-python.ts";
import { startProxy } from "./start-proxy.ts";

const question = "How is Boston?";
const messages = [{ role: "user" as const, content: question }];
const request = { model: "plain", stream: true as const, messages };

/** What a client makes of a stream that it is asked to read. */
type Read = (baseURL: string) => Promise<string>;

const clients: readonly [string, Read][] = [
  [
    "openai-node",
    async (baseURL) => {
      const { completions } = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 }).chat;
      return joined(await completions.create(request), ({ choices }) => choices[0]?.delta.content);
    },
  ],
  [
    "the AI SDK",
    async (baseURL) => {
      const model = createOpenAICompatible({ name: "llamaduct", baseURL })("plain");
      return streamText({ model, prompt: question, maxRetries: 0 }).text;
    },
  ],
  [
    "LangChain",
    async (baseURL) => {
      const chat = new ChatOpenAI({ model: "plain", apiKey: "none", maxRetries: 0, configuration: { baseURL } });
      return joined(await chat.stream(question), ({ text }) => text);
    },
  ],
];

it.each(clients)("L6: %s does not see the comments of a stream that is silent", async (_, read) => {
  expect(await read(await startSilent())).toBe("ab");
});

it("L6: openai-python does not see the comments of a stream that is silent", { timeout: 200_000 }, async ({ skip }) => {
  const found = await findPython();
  if ("reason" in found) return skip(found.reason);
  const { stdout } = await promisify(execFile)(found.python, ["-c", PYTHON, await startSilent()]);
  expect(stdout).toBe("ab");
});

it("there are comments, before the first chunk and between two", async () => {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(request) };
  const text = await (await fetch(`${await startSilent()}/chat/completions`, init)).text();
  expect(text).toMatch(/^: keepalive\n\n.*"content":"a".*\n\n: keepalive\n\n.*"content":"b"/s);
});

/** Each of the host's chunks comes after several intervals. */
async function startSilent(): Promise<string> {
  const { baseURL, emulator } = await startProxy({ sse_keepalive_ping_interval_seconds: 0.02 });
  const event = (content: string, more?: object) =>
    `${JSON.stringify({ model: "m", message: { role: "assistant", content }, done: false, ...more })}\n`;
  emulator.enqueue({ chunks: [event("a"), event("b") + event("", { done: true, done_reason: "stop" })], delayMs: 100 });
  return baseURL;
}

async function joined<Piece>(
  pieces: AsyncIterable<Piece>,
  textOf: (piece: Piece) => string | null | undefined,
): Promise<string> {
  let text = "";
  for await (const piece of pieces) text += textOf(piece) ?? "";
  return text;
}

const PYTHON = `
import sys
from openai import OpenAI

stream = OpenAI(base_url=sys.argv[1], api_key="none", max_retries=0).chat.completions.create(
    model="plain", stream=True, messages=[{"role": "user", "content": "${question}"}]
)
print("".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices), end="")
`;
