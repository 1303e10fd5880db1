import { ApiError, api, toApiError } from "./api.ts";
import { readEvents } from "./read-events.ts";

export interface Question {
  readonly model: string;
  readonly prompt: string;
  readonly tools?: readonly object[] | undefined;
  readonly schema?: object | undefined;
}

/** An answer as far as it has come. Times are milliseconds since the question. */
export interface Answer {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly ToolCall[];
  /** Of the server's own headers. */
  readonly model?: string | undefined;
  readonly warning?: string | undefined;
  readonly firstMs?: number | undefined;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly finishReason?: string | undefined;
}

export interface ToolCall {
  readonly name: string;
  /** JSON, maybe not to its end yet. */
  readonly arguments: string;
}

export interface AskOptions {
  readonly key: string | undefined;
  readonly signal: AbortSignal;
}

/** Asks a model and gives the answer again with every piece that comes. Throws `ApiError`, or the signal's reason. */
export async function* ask(question: Question, { key, signal }: AskOptions): AsyncGenerator<Answer> {
  const startedAt = performance.now();
  const response = await api("v1/chat/completions", { key, signal, body: toBody(question) });
  const { headers, body } = response;
  const model = headers.get("x-llamaduct-model") ?? undefined;
  const warning = headers.get("x-llamaduct-warning") ?? undefined;
  const requestId = headers.get("x-request-id") ?? undefined;
  let answer: Answer = { text: "", reasoning: "", calls: [], model, warning };
  yield answer;
  if (body === null) return;
  for await (const data of readEvents(body)) {
    if (data === "[DONE]") return;
    const chunk = JSON.parse(data) as Chunk | { readonly error: object };
    if ("error" in chunk) throw toApiError(chunk, { status: response.status, requestId });
    answer = add(answer, chunk, performance.now() - startedAt);
    yield answer;
  }
  throw new ApiError("The answer broke off.", { status: response.status, requestId });
}

interface Chunk {
  readonly choices?: readonly { readonly delta?: Delta; readonly finish_reason?: string | null }[];
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number } | null;
}

interface Delta {
  readonly content?: string | null;
  readonly reasoning_content?: string | null;
  readonly tool_calls?: readonly {
    readonly index: number;
    readonly function?: { readonly name?: string; readonly arguments?: string };
  }[];
}

function add(answer: Answer, { choices = [], usage }: Chunk, nowMs: number): Answer {
  const { delta = {}, finish_reason } = choices[0] ?? {};
  const { content, reasoning_content, tool_calls = [] } = delta;
  const calls = [...answer.calls];
  for (const { index, function: piece = {} } of tool_calls) {
    const before = calls[index] ?? { name: "", arguments: "" };
    calls[index] = { name: before.name + (piece.name ?? ""), arguments: before.arguments + (piece.arguments ?? "") };
  }
  const isAnswer = Boolean(content) || Boolean(reasoning_content) || tool_calls.length > 0;
  return {
    ...answer,
    text: answer.text + (content ?? ""),
    reasoning: answer.reasoning + (reasoning_content ?? ""),
    calls,
    firstMs: answer.firstMs ?? (isAnswer ? nowMs : undefined),
    inputTokens: usage?.prompt_tokens ?? answer.inputTokens,
    outputTokens: usage?.completion_tokens ?? answer.outputTokens,
    finishReason: finish_reason ?? answer.finishReason,
  };
}

function toBody({ model, prompt, tools, schema }: Question): object {
  const json_schema = { name: "answer", strict: true, schema };
  return {
    model,
    messages: [{ role: "user", content: prompt }],
    stream: true,
    stream_options: { include_usage: true },
    ...(tools !== undefined && { tools }),
    ...(schema !== undefined && { response_format: { type: "json_schema", json_schema } }),
  };
}
