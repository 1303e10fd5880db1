import type { Answer, AnswerUpstream, Reply, Upstream } from "@llamaduct/conformance";
import type { JsonObject, Settings } from "@llamaduct/core";

/** OpenAI's API as its reference has it, and as the recordings of a real server under `/v1` show it. */
export const upstream: Upstream = {
  chat: {
    ...stream("/chat/completions", (deltas) => chatDeltas(deltas).map((delta) => ({ delta })), { delta: {} }),
    settings: (body) => ({
      ...common(body),
      ...present({ logprobs: body["logprobs"] === true ? body["top_logprobs"] : undefined }),
    }),
  },
  text: {
    ...stream(
      "/completions",
      (deltas) => deltas.map(({ type, ...delta }) => ({ text: "text" in delta ? delta.text : "" })),
      { text: "" },
    ),
    settings: (body) => ({ ...common(body), ...present({ logprobs: body["logprobs"] }) }),
  },
  embeddings: {
    path: "/embeddings",
    inputs: (body) => body["input"] as string[],
    reply: (vectors, tokens) =>
      json({
        object: "list",
        data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding })),
        model: "m",
        ...(tokens !== undefined && { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
      }),
  },
  models: {
    path: "/models",
    reply: (ids) =>
      json({ object: "list", data: ids.map((id) => ({ id, object: "model", created: 1, owned_by: "me" })) }),
  },
  error: (status, message) =>
    json({ error: { message, type: "invalid_request_error", param: null, code: null } }, status),
  modelNotFound: json(
    { error: { message: "model 'x' not found", type: "not_found_error", param: null, code: null } },
    404,
  ),
  contextExceeded: json(
    {
      error: {
        message: "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
        type: "invalid_request_error",
        param: "messages",
        code: "context_length_exceeded",
      },
    },
    400,
  ),
};

type Delta = Answer["deltas"][number];

function stream(
  path: string,
  toChoices: (deltas: readonly Delta[]) => readonly object[],
  last: object,
): Omit<AnswerUpstream, "settings"> {
  return {
    path,
    headers: { "content-type": "text/event-stream" },
    events: ({ deltas, finish, usage }) => [
      ...toChoices(deltas).map((choice) => event([{ index: 0, ...choice, finish_reason: null }])),
      event([{ index: 0, ...last, finish_reason: finish.replace("-", "_") }]),
      ...(usage === undefined
        ? []
        : [event([], { prompt_tokens: usage.inputTokens, completion_tokens: usage.outputTokens })]),
      "data: [DONE]\n\n",
    ],
    malformed: 'data: {"id":"x","choices":[{"index":0,"del\n\n',
    failure: (message) => `data: ${JSON.stringify({ error: { message, type: "server_error", code: 500 } })}\n\n`,
    unknown:
      ': a comment\n\ndata: {"id":"x","object":"chat.completion.note","choices":[],"notes":{"of":"tomorrow"}}\n\n',
  };
}

function event(choices: readonly object[], usage?: object): string {
  const chunk = {
    id: "c-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices,
    ...(usage && { usage }),
  };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

/** Calls are told by their index alone, and nothing keeps a server from writing several at a time. */
function chatDeltas(deltas: readonly Delta[]): readonly object[] {
  const calls = deltas.filter((delta) => delta.type === "tool-call");
  return [
    ...deltas.flatMap((delta): object[] => {
      if (delta.type === "text") return [{ role: "assistant", content: delta.text }];
      return delta.type === "reasoning" ? [{ content: "", reasoning: delta.text }] : [];
    }),
    ...calls.map(({ id, name }, index) => toolCall(index, { id, name, text: "" })),
    ...calls.map((call, index) => toolCall(index, { text: call.arguments.slice(0, 5) })),
    ...calls.map((call, index) => toolCall(index, { text: call.arguments.slice(5) })),
  ];
}

function toolCall(index: number, { id, name, text }: { id?: string; name?: string; text: string }): object {
  const piece = { index, ...(id && { id, type: "function" }), function: { ...(name && { name }), arguments: text } };
  return { content: null, tool_calls: [piece] };
}

function common(body: JsonObject): Settings {
  return present({
    maxOutputTokens: body["max_tokens"],
    temperature: body["temperature"],
    topP: body["top_p"],
    topK: body["top_k"],
    minP: body["min_p"],
    frequencyPenalty: body["frequency_penalty"],
    presencePenalty: body["presence_penalty"],
    logitBias: body["logit_bias"],
    seed: body["seed"],
    stop: body["stop"],
  });
}

function present(settings: object): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function json(body: object, status = 200): Reply {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
