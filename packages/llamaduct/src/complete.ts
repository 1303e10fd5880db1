import { ProviderError } from "@llamaduct/core";
import type { ChatCompletion } from "@llamaduct/openai-dialect";
import { abortable } from "./abortable-stream.ts";
import type { AnswerStream } from "./answer-stream.ts";
import { asAPIError } from "./api-error.ts";
import type { Completer } from "./completion-request.ts";
import type { Llamaduct } from "./create-llamaduct.ts";
import type { LlamaductCall } from "./llamaduct-call.ts";
import { isOutputSchema } from "./output-schema.ts";

export type Work = Pick<Llamaduct, "chat" | "text" | "embed">;
type Asked = Readonly<Record<string, unknown>>;
type Run = (request: Asked, call: LlamaductCall) => Promise<{ readonly body: object }>;

/** The engine's work for people: bodies alone, streams that can be aborted, answers read by a schema, the SDK's errors. */
export function createCompleter({
  chat,
  text,
  embed,
}: Work): Pick<Llamaduct, "completion" | "textCompletion" | "embedding"> {
  async function ask(run: Run, request: Asked, call: LlamaductCall = {}): Promise<object> {
    try {
      // Sent on as a field of the model's it would end nothing, and nobody would know.
      if (request["signal"] instanceof AbortSignal)
        throw new ProviderError({
          code: "invalid_value",
          message: "signal belongs into the options.",
          setting: "signal",
        });
      if (request["stream"] !== true) return (await run(request, call)).body;
      // A request that says `stream` is answered with one.
      return await abortable(call, async (own) => (await run(request, own)).body as AnswerStream<unknown>);
    } catch (error) {
      throw asAPIError(error);
    }
  }

  async function completion(request: Asked, call?: LlamaductCall): Promise<object> {
    const { response_format: schema } = request;
    if ("prompt" in request && request["messages"] === undefined) return ask(text, request, call);
    if (!isOutputSchema(schema)) return ask(chat, request, call);
    try {
      const { toParsed, toResponseFormat } = await import("./parse-answer.ts");
      const body = await ask(chat, { ...request, response_format: toResponseFormat(schema) }, call);
      // What is no stream is a completion.
      return request["stream"] === true ? body : await toParsed(body as ChatCompletion, schema);
    } catch (error) {
      throw asAPIError(error);
    }
  }

  return {
    // The overloads say which body a request leads to; here and in the dialect the same fields decide it.
    completion: completion as unknown as Completer,
    textCompletion: ((request: Asked, call?: LlamaductCall) =>
      ask(text, request, call)) as unknown as Llamaduct["textCompletion"],
    embedding: ((request: Asked, call?: LlamaductCall) =>
      ask(embed, request, call)) as unknown as Llamaduct["embedding"],
  };
}
