import { type Answer, callsOf, chat, finishes, leave, ok, post, same, stream, textOf } from "./client.ts";
import type { Gateway } from "./gateway.ts";
import { clocks, messages, PIXEL, person, SENTENCE, weather } from "./inputs.ts";

/** One thing a client of OpenAI's API expects. `run` throws what is wrong with the answer. */
export interface Scenario {
  readonly area: string;
  readonly expects: string;
  readonly run: (gateway: Gateway) => Promise<void>;
}

/** Every scenario, in the order of the table. */
export const scenarios: readonly Scenario[] = [
  scenario("Chat", "a whole answer with text, `stop` and usage", async (gateway) => {
    const { choices, usage } = await chat(gateway, { model: "plain", messages });
    same("content", choices[0]?.message.content, SENTENCE);
    same("finish_reason", choices[0]?.finish_reason, "stop");
    ok((usage?.["completion_tokens"] ?? 0) > 0, "no usage");
  }),
  scenario("Chat", "a stream: one id, one finish, then `[DONE]`", async (gateway) => {
    const { chunks, done } = await stream(gateway, { model: "plain", messages });
    same("text", textOf(chunks), SENTENCE);
    same("ids of one answer", new Set(chunks.map(({ id }) => id)).size, 1);
    same("finish reasons", finishes(chunks), ["stop"]);
    ok(done, "no [DONE]");
  }),
  scenario("Chat", "the usage chunk has empty `choices` and comes once", async (gateway) => {
    const body = { model: "plain", messages, stream_options: { include_usage: true } };
    const { chunks } = await stream(gateway, body);
    const usages = chunks.filter(({ usage }) => usage);
    same("usage chunks", usages.length, 1);
    same("its choices", usages[0]?.choices, []);
  }),
  scenario("Chat", "text beyond ASCII comes whole through a stream", async (gateway) => {
    const whole = await chat(gateway, { model: "unicode", messages });
    const { chunks } = await stream(gateway, { model: "unicode", messages });
    same("streamed text", textOf(chunks), whole.choices[0]?.message.content);
    ok(!textOf(chunks).includes("\ufffd"), "a broken character");
  }),
  scenario("Chat", "`max_tokens` ends with `length`", async (gateway) => {
    const { choices } = await chat(gateway, { model: "plain", messages, max_tokens: 3 });
    same("finish_reason", choices[0]?.finish_reason, "length");
  }),
  scenario("Chat", "`n: 2` gives two choices", async (gateway) => {
    const { choices } = await chat(gateway, { model: "plain", messages, n: 2 });
    same(
      "indices",
      choices.map(({ index }) => index),
      [0, 1],
    );
  }),
  scenario("Chat", "`logprobs` come", async (gateway) => {
    const { choices } = await chat(gateway, { model: "plain", messages, logprobs: true, top_logprobs: 1 });
    ok((choices[0]?.logprobs?.content?.length ?? 0) > 0, "none");
  }),
  scenario("Chat", "a data URL of an image reaches the model", async (gateway) => {
    const content = [
      { type: "text", text: "hi" },
      { type: "image_url", image_url: { url: PIXEL } },
    ];
    gateway.relay.forget();
    await post(gateway, "/v1/chat/completions", { model: "plain", messages: [{ role: "user", content }] });
    const asked = JSON.stringify(gateway.relay.seen.map(({ body }) => body));
    const refused = !gateway.relay.seen.some(({ path }) => path === "/api/chat");
    // A gateway that knows the model is blind says so, which is as right.
    ok(refused || asked.includes(PIXEL.slice(-40)), "the image is not in what Ollama was asked");
  }),
  scenario("Chat", "on `ollama/`, one turn keeps the model's own template", async (gateway) => {
    gateway.relay.forget();
    await chat(gateway, { model: "generate", messages: [{ role: "system", content: "Be brief." }, ...messages] });
    const asked = JSON.stringify(gateway.relay.seen.map(({ body }) => body));
    ok(!/### (User|System|Assistant)/.test(asked), "the chat is flattened to ### User: … lines");
  }),
  scenario("Parameters", "`keep_alive` and `num_ctx` of the config reach Ollama", async (gateway) => {
    gateway.relay.forget();
    await chat(gateway, { model: "plain", messages });
    const body = gateway.relay.seen.find(({ path }) => path === "/api/chat")?.body;
    same("keep_alive", body?.["keep_alive"], "8m");
    same("num_ctx", (body?.["options"] as { num_ctx?: number } | undefined)?.num_ctx, 4096);
  }),
  scenario("Parameters", "`frequency_penalty` is sent as itself", async (gateway) => {
    gateway.relay.forget();
    await chat(gateway, { model: "plain", messages, frequency_penalty: 0.5 });
    const options = gateway.relay.seen.find(({ path }) => path === "/api/chat")?.body["options"];
    same("frequency_penalty", (options as Record<string, number> | undefined)?.["frequency_penalty"], 0.5);
  }),
  scenario("Parameters", "a value of the wrong type is a 400 that names the field", async (gateway) => {
    const { status, body } = await post(gateway, "/v1/chat/completions", {
      model: "plain",
      messages,
      temperature: "hot",
    });
    same("status", status, 400);
    ok(`${body.error?.param} ${body.error?.message}`.includes("temperature"), "it does not name the field");
  }),
  scenario("Tools", "a call, whole", async (gateway) => {
    const { choices } = await chat(gateway, { model: "tools", messages, tools: [weather] });
    same("finish_reason", choices[0]?.finish_reason, "tool_calls");
    same("call", choices[0]?.message.tool_calls?.[0]?.function?.name, "get_current_weather");
    JSON.parse(choices[0]?.message.tool_calls?.[0]?.function?.arguments ?? "");
  }),
  scenario("Tools", "a call, streamed: an index, one id, whole arguments", async (gateway) => {
    const { chunks } = await stream(gateway, { model: "tools", messages, tools: [weather] });
    const calls = callsOf(chunks);
    same("calls", calls.length, 1);
    same("name", calls[0]?.name, "get_current_weather");
    JSON.parse(calls[0]?.args ?? "");
    same("finish reasons", finishes(chunks), ["tool_calls"]);
  }),
  scenario("Tools", "parallel calls, streamed, have indices of their own", async (gateway) => {
    const { chunks } = await stream(gateway, { model: "multitools", messages, tools: clocks });
    const calls = callsOf(chunks);
    same(
      "names of the calls",
      calls.map(({ name }) => name),
      ["get_time", "get_day"],
    );
    for (const { args } of calls) JSON.parse(args);
  }),
  scenario("Tools", "`tool_choice: none` yields no call", async (gateway) => {
    const { choices } = await chat(gateway, { model: "tools", messages, tools: [weather], tool_choice: "none" });
    same("calls", choices[0]?.message.tool_calls?.length ?? 0, 0);
  }),
  scenario("Tools", "`tool_choice: required` yields one, on a model that would answer", async (gateway) => {
    const { choices } = await chat(gateway, { model: "plain", messages, tools: [weather], tool_choice: "required" });
    same("call", choices[0]?.message.tool_calls?.[0]?.function?.name, "get_current_weather");
  }),
  scenario("Tools", "a named `tool_choice` is obeyed", async (gateway) => {
    const other = { type: "function", function: { name: "get_time", parameters: { type: "object", properties: {} } } };
    const choice = { type: "function", function: { name: "get_time" } };
    const body = { model: "tools", messages, tools: [weather, other], tool_choice: choice };
    const { choices } = await chat(gateway, body);
    same(
      "calls",
      choices[0]?.message.tool_calls?.map((call) => call.function?.name),
      ["get_time"],
    );
  }),
  scenario("Tools", "`parallel_tool_calls: false` yields one call", async (gateway) => {
    const body = { model: "multitools", messages, tools: clocks, parallel_tool_calls: false };
    same("calls", (await chat(gateway, body)).choices[0]?.message.tool_calls?.length, 1);
  }),
  scenario("Tools", "a model without tools still answers a request that has some", async (gateway) => {
    const { choices } = await chat(gateway, { model: "plain", messages, tools: [weather] });
    ok(choices[0]?.message.content || choices[0]?.message.tool_calls?.length, "neither text nor a call");
  }),
  scenario("Tools", "earlier calls and results are understood", async (gateway) => {
    const call = { id: "call_1", type: "function", function: { name: "get_current_weather", arguments: "{}" } };
    const history = [
      ...messages,
      { role: "assistant", content: null, tool_calls: [call] },
      { role: "tool", tool_call_id: "call_1", content: "sunny" },
    ];
    gateway.relay.forget();
    await chat(gateway, { model: "tools", messages: history, tools: [weather] });
    const asked = gateway.relay.seen.find(({ path }) => path === "/api/chat")?.body["messages"];
    ok(/tool_calls.*sunny/.test(JSON.stringify(asked)), "they are not in what Ollama was asked");
  }),
  scenario("Tools", "an unknown name in `tool_choice` is a 400", async (gateway) => {
    const choice = { type: "function", function: { name: "nonesuch" } };
    const body = { model: "tools", messages, tools: [weather], tool_choice: choice };
    same("status", (await post(gateway, "/v1/chat/completions", body)).status, 400);
  }),
  scenario("Structured output", "`json_schema` holds", async (gateway) => {
    const format = { type: "json_schema", json_schema: { name: "person", schema: person, strict: true } };
    const { choices } = await chat(gateway, { model: "plain", messages, response_format: format, max_tokens: 200 });
    const value = JSON.parse(choices[0]?.message.content ?? "") as Record<string, unknown>;
    same("keys", Object.keys(value).sort(), ["age", "name"]);
  }),
  scenario("Structured output", "`json_schema` without a schema is a 400", async (gateway) => {
    const body = { model: "plain", messages, response_format: { type: "json_schema" } };
    same("status", (await post(gateway, "/v1/chat/completions", body)).status, 400);
  }),
  scenario("Thinking", "reasoning is apart from the text", async (gateway) => {
    const { chunks } = await stream(gateway, { model: "thinker", messages });
    ok(
      chunks.some(({ choices }) => choices[0]?.delta.reasoning_content),
      "no reasoning_content",
    );
    ok(!textOf(chunks).includes("<think>"), "tags in the text");
  }),
  scenario("Thinking", "`reasoning_effort: none` switches it off", async (gateway) => {
    gateway.relay.forget();
    await chat(gateway, { model: "thinker", messages, reasoning_effort: "none" });
    same("think", gateway.relay.seen.find(({ path }) => path === "/api/chat")?.body["think"], false);
  }),
  scenario("Completions", "`suffix` reaches the model (fill in the middle)", async (gateway) => {
    gateway.relay.forget();
    const body = { model: "coder", prompt: "def add(", suffix: "return c" };
    const { status, body: answer } = await post(gateway, "/v1/completions", body);
    same("status", status, 200);
    const asked = gateway.relay.seen.find(({ path }) => path === "/api/generate")?.body;
    same("suffix", asked?.["suffix"], "return c");
    ok(answer.choices[0]?.text, "no text");
  }),
  scenario("Completions", "a streamed one ends with a finish reason", async (gateway) => {
    const { chunks } = await stream(gateway, { model: "coder", prompt: "hi" }, "/v1/completions");
    same("finish reasons", finishes(chunks).length, 1);
  }),
  scenario("Embeddings", "a list, with usage", async (gateway) => {
    const { body } = await post(gateway, "/v1/embeddings", { model: "embedder", input: ["a", "b"] });
    same("vectors", body.data.length, 2);
    ok((body.usage?.["prompt_tokens"] ?? 0) > 0, "no usage");
  }),
  scenario("Embeddings", "also on `ollama_chat/`", async (gateway) => {
    const { status } = await post(gateway, "/v1/embeddings", { model: "chat-embedder", input: "a" });
    same("status", status, 200);
  }),
  scenario("Embeddings", "`encoding_format: base64`, as SDKs ask", async (gateway) => {
    const { body } = await post(gateway, "/v1/embeddings", {
      model: "embedder",
      input: "a",
      encoding_format: "base64",
    });
    same("type", typeof body.data[0]?.embedding, "string");
  }),
  scenario("Models", "the wildcard lists what the host has, and each can be asked", async (gateway) => {
    const { body } = await post(gateway, "/v1/models");
    const listed = body.data.map(({ id }) => id).filter((id) => id.includes("llamaduct/plain"));
    ok(listed.length > 0, "nothing of the host is listed");
    for (const model of listed) await chat(gateway, { model, messages });
  }),
  scenario("Models", "`/v1/models/{id}` for an id with a slash", async (gateway) => {
    const response = await gateway.fetch("/v1/models/ollama_chat%2Fllamaduct%2Fplain");
    same("status", response.status, 200);
  }),
  scenario("Models", "a deployment's own `model` can be asked for", async (gateway) => {
    await chat(gateway, { model: "ollama_chat/llamaduct/plain", messages });
  }),
  scenario("Errors", "an unknown model is a 404 `model_not_found`", async (gateway) => {
    const { status, body } = await post(gateway, "/v1/chat/completions", { model: "nonesuch:1b", messages });
    same("status", status, 404);
    same("code", body.error?.code, "model_not_found");
  }),
  scenario("Errors", "no key: 401 in OpenAI's shape", async (gateway) => {
    const body = JSON.stringify({ model: "plain", messages });
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", headers, body });
    same("status", response.status, 401);
    // What is not of this shape fails in the check.
    ok(((await response.json()) as Answer).error?.message, "no error.message");
  }),
  scenario("Errors", "a wrong key: 401", async (gateway) => {
    const init = { headers: { authorization: "Bearer sk-wrong" } };
    const { status } = await gateway.fetch("/v1/chat/completions", { model: "plain", messages }, init);
    same("status", status, 401);
  }),
  scenario("Errors", "broken JSON: 400", async (gateway) => {
    same("status", (await gateway.fetch("/v1/chat/completions", "{")).status, 400);
  }),
  scenario("Errors", "a host that is down: 502 or 503, even for a stream", async (gateway) => {
    const response = await gateway.fetch("/v1/chat/completions", { model: "dead", messages, stream: true });
    ok([502, 503].includes(response.status), `status ${response.status}`);
  }),
  scenario("Errors", "an upstream that breaks off: an error in the stream, no `[DONE]`", async (gateway) => {
    gateway.relay.cutNext();
    const response = await gateway.fetch("/v1/chat/completions", { model: "long", messages, stream: true });
    const text = await response.text().catch(() => "the connection broke");
    ok(response.status >= 500 || text.includes('"error"'), "it looks like a whole answer");
    ok(!text.includes("[DONE]"), "[DONE] after a failure");
  }),
  scenario("Errors", "a prompt beyond the context: 400 `context_length_exceeded`", async (gateway) => {
    const long = [{ role: "user", content: "llama ".repeat(9_000) }];
    const { status, body } = await post(gateway, "/v1/chat/completions", { model: "plain", messages: long });
    same("status", status, 400);
    same("code", body.error?.code, "context_length_exceeded");
  }),
  scenario("Clients that leave", "a stream: the model stops", (gateway) =>
    leave(gateway, { model: "long", messages, stream: true }),
  ),
  scenario("Clients that leave", "a whole answer: the model stops", (gateway) =>
    leave(gateway, { model: "long", messages }),
  ),
  scenario("Routing", "a group with one dead host answers 20 of 20", async (gateway) => {
    for (let i = 0; i < 20; i++) await chat(gateway, { model: "half-dead", messages });
  }),
  scenario("Routing", "`fallbacks` answer for a dead group", async (gateway) => {
    await chat(gateway, { model: "falls-back", messages });
  }),
  scenario("Health", "`/health` asks no model to generate", async (gateway) => {
    gateway.relay.forget();
    same("status", (await gateway.fetch("/health")).status, 200);
    const generated = gateway.relay.seen.filter(({ path }) => /\/api\/(chat|generate)/.test(path));
    same("generations", generated.length, 0);
  }),
  scenario("Health", "`/health/liveliness` and `/health/readiness` need no key", async (gateway) => {
    for (const path of ["/health/liveliness", "/health/readiness"])
      same(path, (await fetch(gateway.url + path)).status, 200);
  }),
  scenario("Headers", "`x-litellm-call-id`, `-model-id` and `-model-api-base`", async (gateway) => {
    const { headers } = await gateway.fetch("/v1/chat/completions", { model: "plain", messages });
    for (const name of ["call-id", "model-id", "model-api-base"]) ok(headers.get(`x-litellm-${name}`), `no ${name}`);
  }),
];

function scenario(area: string, expects: string, run: Scenario["run"]): Scenario {
  return { area, expects, run };
}
