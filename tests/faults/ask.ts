import type { Llamaduct } from "../../packages/llamaduct/src/index.ts";

/** What a client is left with. */
export interface Seen {
  readonly text: string;
  /** HTTP status and code of the error that it ended with. */
  readonly error?: string | undefined;
  readonly retryAfter?: string | null | undefined;
  /** A stream said that it was complete. */
  readonly isComplete: boolean;
  /** `finish_reason`, of an answer that is complete. */
  readonly finish?: string | null | undefined;
  /** All of it, as it came. */
  readonly raw: string;
}

export type Ask = (way: { readonly url: string; readonly engine: Llamaduct }, extra?: object) => Promise<Seen>;

const QUESTION = { model: "m", messages: [{ role: "user", content: "hi" }] } as const;

/** The ways to ask: through the proxy for a stream, for a whole, and without it. */
export const MODES: Readonly<Record<"streamed" | "whole" | "library", Ask>> = { streamed, whole, library };

async function post(url: string, body: object): Promise<Response> {
  const headers = { "content-type": "application/json", connection: "close" };
  return fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body: JSON.stringify(body) });
}

async function streamed({ url }: { readonly url: string }, extra: object = {}): Promise<Seen> {
  const response = await post(url, { ...QUESTION, stream: true, ...extra });
  if (response.status !== 200) return refused(response);
  const raw = await response.text();
  return { ...readEvents(raw), raw };
}

/** Events of a stream as a client reads them; the first that is none throws. */
export function readEvents(raw: string): Omit<Seen, "raw"> {
  const events = raw.split("\n\n").slice(0, -1);
  if (!raw.endsWith("\n\n")) throw new Error(`It ends inside an event: ${raw.slice(-100)}`);
  let text = "";
  let finish: string | null | undefined;
  for (const [index, event] of events.entries()) {
    const data = event.replace(/^data: /, "");
    const isLast = index === events.length - 1;
    if (data === "[DONE]" && isLast) return { text, isComplete: true, finish };
    // A client's chunk: nothing of it is sure, and a wrong one throws.
    const chunk = JSON.parse(data) as { error?: { code: string }; choices: Choice<"delta">[] };
    if (chunk.error !== undefined && isLast) return { text, error: `200 ${chunk.error.code}`, isComplete: false };
    text += chunk.choices[0]?.delta.content ?? "";
    finish = chunk.choices[0]?.finish_reason ?? finish;
  }
  return { text, isComplete: false };
}

type Choice<Key extends "delta" | "message"> = Readonly<Record<Key, { content?: string | null }>> & {
  readonly finish_reason: string | null;
};

async function whole({ url }: { readonly url: string }, extra: object = {}): Promise<Seen> {
  const response = await post(url, { ...QUESTION, ...extra });
  if (response.status !== 200) return refused(response);
  const raw = await response.text();
  const { choices } = JSON.parse(raw) as { choices: Choice<"message">[] };
  return { text: choices[0]?.message.content ?? "", isComplete: true, finish: choices[0]?.finish_reason, raw };
}

async function refused(response: Response): Promise<Seen> {
  const raw = await response.text();
  const { error } = JSON.parse(raw) as { error: Readonly<Record<string, string | null>> };
  if (Object.keys(error).sort().join() !== "code,message,param,type") throw new Error(`Not OpenAI's error: ${raw}`);
  const retryAfter = response.headers.get("retry-after");
  return { text: "", error: `${response.status} ${error["code"]}`, retryAfter, isComplete: false, raw };
}

async function library({ engine }: { readonly engine: Llamaduct }, extra: object = {}): Promise<Seen> {
  let text = "";
  let finish: string | null | undefined;
  try {
    const stream = await engine.completion({ ...QUESTION, stream: true, ...extra });
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      finish = chunk.choices[0]?.finish_reason ?? finish;
    }
    return { text, isComplete: true, finish, raw: text };
  } catch (error) {
    // What else is thrown is no failure of an upstream, and shows in the comparison.
    const { status, code, retryAfterMs, message } = error as {
      readonly status?: number;
      readonly code?: string;
      readonly retryAfterMs?: number;
      readonly message: string;
    };
    const retryAfter = retryAfterMs === undefined ? null : String(retryAfterMs / 1000);
    return { text, error: `${status} ${code ?? message}`, retryAfter, isComplete: false, raw: message };
  }
}
