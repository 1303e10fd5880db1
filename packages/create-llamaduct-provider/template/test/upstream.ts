import type { Answer, AnswerUpstream, Reply, Upstream } from "@llamaduct/conformance";
import type { JsonObject, Settings } from "@llamaduct/core";

/** How the upstream speaks. Write it from its documentation or from recordings, not from the code in `src`. */
export const upstream: Upstream = {
  chat: {
    path: "/chat/completions",
    headers: { "content-type": "text/event-stream" },
    events: ({ deltas, finish, usage }) => [
      ...deltas.map((delta, index) =>
        event({ choices: [{ index: 0, delta: toDelta(delta, index), finish_reason: null }] }),
      ),
      event({ choices: [{ index: 0, delta: {}, finish_reason: finish.replace("-", "_") }] }),
      ...(usage === undefined
        ? []
        : [event({ choices: [], usage: { prompt_tokens: usage.inputTokens, completion_tokens: usage.outputTokens } })]),
      "data: [DONE]\n\n",
    ],
    malformed: 'data: {"choices":[{"index":0,"del\n\n',
    failure: (message) => event({ error: { message } }),
    unknown: event({ choices: [], notes: "of a later version" }),
    settings: readSettings,
  } satisfies AnswerUpstream,
  error: (status, message) => json({ error: { message } }, status),
  modelNotFound: json({ error: { message: "The model `x` does not exist." } }, 404),
  contextExceeded: json({ error: { message: "Too long.", code: "context_length_exceeded" } }, 400),
};

function toDelta(delta: Answer["deltas"][number], index: number): object {
  switch (delta.type) {
    case "text":
      return { content: delta.text };
    case "reasoning":
      return { reasoning: delta.text };
    case "tool-call": {
      const { id, name, arguments: text } = delta;
      return { tool_calls: [{ index, id, type: "function", function: { name, arguments: text } }] };
    }
  }
}

function readSettings(body: JsonObject): Settings {
  const { max_tokens, temperature, top_p, seed, stop } = body;
  const settings = { maxOutputTokens: max_tokens, temperature, topP: top_p, seed, stop };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function json(body: object, status: number): Reply {
  return { status, body: JSON.stringify(body) };
}
