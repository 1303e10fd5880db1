import type { LlamaductCall } from "llamaduct";
import { expect, it } from "vitest";
import { startProxy } from "./start-proxy.ts";

const KEY = "sk-of-open-webui";
const CONFIG = `
model_list:
  - { model_name: thinker, litellm_params: { model: ollama_chat/thinker } }
  - { model_name: caller, litellm_params: { model: ollama_chat/tools } }
  - { model_name: small, litellm_params: { model: ollama_chat/plain } }
general_settings:
  master_key: ${KEY}
  user_header_mappings:
    - { header_name: X-OpenWebUI-User-Email, litellm_user_role: customer }
`;
/** What it sends with every request, the last six with ENABLE_FORWARD_USER_INFO_HEADERS. */
const HEADERS = {
  authorization: `Bearer ${KEY}`,
  "content-type": "application/json",
  "X-OpenWebUI-User-Name": "Ada%20Lovelace",
  "X-OpenWebUI-User-Id": "7f0c1f6e",
  "X-OpenWebUI-User-Email": "ada@example.com",
  "X-OpenWebUI-User-Role": "user",
  "X-OpenWebUI-Chat-Id": "chat-42",
  "X-OpenWebUI-Message-Id": "message-7",
};
/** A message of a user, as its chat has it. */
const CHAT = {
  stream: true,
  model: "thinker",
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: [{ type: "text", text: "What is 6 times 7?" }] },
  ],
  stream_options: { include_usage: true },
  temperature: 0.7,
  frequency_penalty: 0,
};
const WEATHER = {
  type: "function",
  function: {
    name: "get_current_weather",
    description: "",
    parameters: { type: "object", properties: { location: { type: "string" } }, required: ["location"] },
  },
};
/** Title, tags and follow-ups, which it asks for beside the chat. */
const TASKS = ["a title", "some tags", "what to ask next"].map((what) => ({
  model: "small",
  messages: [{ role: "user", content: `### Task:\nGive ${what}, as JSON.` }],
  stream: false,
  max_completion_tokens: 1000,
}));

interface Chunk {
  readonly choices: readonly {
    readonly delta: {
      readonly content?: string | null;
      readonly reasoning_content?: string;
      readonly tool_calls?: readonly { readonly index?: number; readonly function: { readonly name?: string } }[];
    };
  }[];
  readonly usage?: { readonly total_tokens: number };
}

it("a connection is verified by its list of models, or refused", async () => {
  const { url, emulator } = await startProxy({ config: CONFIG });
  const verified = await fetch(`${url}/v1/models`, { headers: HEADERS });
  expect([verified.status, verified.headers.get("content-type")]).toEqual([200, "application/json; charset=utf-8"]);
  const { data } = (await verified.json()) as { data: { id: string }[] };
  expect(data.map(({ id }) => id)).toEqual(["thinker", "caller", "small"]);
  // It asks again every second: from memory.
  expect(emulator.requests).toEqual([]);

  const refused = await fetch(`${url}/v1/models`, { headers: { authorization: "Bearer sk-wrong" } });
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({ error: { message: expect.any(String) } });
});

it("a chat streams: reasoning apart, text, usage once at the end, and the user and chat are known", async () => {
  const calls: (LlamaductCall | undefined)[] = [];
  const { url, records } = await startProxy({
    config: CONFIG,
    wrap: (engine) => ({
      ...engine,
      chat: (request, call) => {
        calls.push(call);
        return engine.chat(request, call);
      },
    }),
  });
  const chunks = await streamed(url, CHAT);
  const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));
  expect(deltas.map(({ reasoning_content: text = "" }) => text).join("")).not.toBe("");
  expect(deltas.map(({ content }) => content ?? "").join("")).not.toMatch(/^$|<think>/);
  const usages = chunks.flatMap(({ usage }) => usage ?? []);
  expect(usages).toEqual([expect.objectContaining({ total_tokens: expect.any(Number) })]);
  expect(chunks.at(-1)?.usage).toBe(usages[0]);
  expect(calls.map((call) => call?.session)).toEqual(["chat-42"]);
  await expect.poll(() => records).toMatchObject([{ status: 200, endUser: "ada@example.com" }]);
});

it("a call of a tool has an index in every piece: without one it is dropped, and the reply is blank", async () => {
  const { url } = await startProxy({ config: CONFIG });
  const chunks = await streamed(url, { ...CHAT, model: "caller", tools: [WEATHER] });
  const pieces = chunks.flatMap(({ choices }) => choices.flatMap(({ delta }) => delta.tool_calls ?? []));
  expect(pieces[0]?.function.name).toBe(WEATHER.function.name);
  for (const piece of pieces) expect(piece.index).toBe(0);
});

it("title, tags and follow-ups come beside the chat, whole", async () => {
  const { url } = await startProxy({ config: CONFIG });
  const [chunks, ...answers] = await Promise.all([streamed(url, CHAT), ...TASKS.map((task) => whole(url, task))]);
  expect(chunks.length).toBeGreaterThan(1);
  expect(answers).toHaveLength(TASKS.length);
  for (const answer of answers)
    expect(answer).toMatchObject({ choices: [{ message: { content: expect.stringMatching(/./) } }] });
});

it("what goes wrong is a message that it can show", async () => {
  const { url } = await startProxy({ config: CONFIG });
  const answer = await post(url, { ...CHAT, model: "gone" });
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining("gone") } });
});

async function streamed(url: string, body: object): Promise<readonly Chunk[]> {
  const text = await (await post(url, body)).text();
  const events = text.split("\n\n").flatMap((event) => (event === "" ? [] : [event.replace(/^data: /, "")]));
  expect(events.pop()).toBe("[DONE]");
  return events.map((event) => JSON.parse(event));
}

async function whole(url: string, body: object): Promise<unknown> {
  const answer = await post(url, body);
  expect(answer.status).toBe(200);
  return answer.json();
}

function post(url: string, body: object): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, { method: "POST", headers: HEADERS, body: JSON.stringify(body) });
}
