import type { Answer, AnswerUpstream, Reply, Upstream } from "@llamaduct/conformance";
import type { JsonObject, Settings } from "@llamaduct/core";

/** Ollama as the recordings of 0.24.0 and 0.33.0 have it. */
export const upstream: Upstream & { readonly chat: AnswerUpstream } = {
  chat: answers(["/api/chat", "/api/generate"]),
  text: answers(["/api/generate", "/api/chat"]),
  embeddings: {
    path: "/api/embed",
    inputs: (body) => body["input"] as string[],
    reply: (embeddings, tokens) => json({ model: "m", embeddings, ...(tokens && { prompt_eval_count: tokens }) }),
  },
  models: {
    path: "/api/tags",
    reply: (ids) =>
      json({ models: ids.map((name) => ({ name, model: name, digest: name, capabilities: ["completion"] })) }),
  },
  error: (status, message) => json({ error: message }, status),
  modelNotFound: json({ error: "model 'x' not found" }, 404),
  contextExceeded: json(
    {
      error:
        '{"error":{"code":400,"message":"request (512 tokens) exceeds the available context size (256 tokens)","type":"exceed_context_size_error","n_prompt_tokens":512,"n_ctx":256}}',
    },
    400,
  ),
  // Every model can do everything: what it refuses otherwise is the provider's own business.
  other: ({ path }) =>
    path.endsWith("/api/show")
      ? json({
          details: {},
          model_info: {},
          capabilities: ["completion", "tools", "vision", "thinking", "insert", "embedding"],
        })
      : undefined,
};

function answers(path: readonly string[]): AnswerUpstream {
  return {
    path,
    headers: { "content-type": "application/x-ndjson" },
    events: ({ deltas, finish, usage }, request) => {
      const toEvent = request.path.endsWith("/api/chat") ? chatEvent : generateEvent;
      return [
        ...deltas.map((delta) => line({ ...toEvent(delta), done: false })),
        line({
          ...toEvent({ type: "text", text: "" }),
          done: true,
          done_reason: finish === "length" ? "length" : "stop",
          total_duration: 11,
          // Zero counters are left out.
          ...(usage && { prompt_eval_count: usage.inputTokens, prompt_eval_duration: 5 }),
          ...(usage && usage.outputTokens > 0 && { eval_count: usage.outputTokens, eval_duration: 6 }),
        }),
      ];
    },
    malformed: '{"model":"m","created_at":"2026-11-23T02:48:31Z","mess\n',
    failure: (message) => line({ error: message }),
    unknown: line({ model: "m", created_at: "2026-11-23T02:48:31Z", progress: { of: "tomorrow" }, done: false }),
    settings: readSettings,
  };
}

type Delta = Answer["deltas"][number];

function chatEvent(delta: Delta): object {
  const message = { role: "assistant", content: delta.type === "text" ? delta.text : "" };
  if (delta.type === "reasoning") return { message: { ...message, thinking: delta.text } };
  if (delta.type === "text") return { message };
  const call = { id: delta.id, function: { index: 0, name: delta.name, arguments: JSON.parse(delta.arguments) } };
  return { message: { ...message, tool_calls: [call] } };
}

function generateEvent(delta: Delta): object {
  if (delta.type === "tool-call") throw new Error("/api/generate has no tools.");
  return delta.type === "text" ? { response: delta.text } : { response: "", thinking: delta.text };
}

function line(event: object): string {
  return `${JSON.stringify({ model: "m", created_at: "2026-11-23T02:48:31.5Z", ...event })}\n`;
}

function readSettings(body: JsonObject): Settings {
  const { options = {}, logprobs, top_logprobs } = body as { readonly [key: string]: JsonObject };
  const settings = {
    maxOutputTokens: options["num_predict"],
    temperature: options["temperature"],
    topP: options["top_p"],
    topK: options["top_k"],
    minP: options["min_p"],
    frequencyPenalty: options["frequency_penalty"],
    presencePenalty: options["presence_penalty"],
    seed: options["seed"],
    stop: options["stop"],
    logprobs: logprobs ? top_logprobs : undefined,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function json(body: object, status = 200): Reply {
  return { status, body: JSON.stringify(body) };
}
