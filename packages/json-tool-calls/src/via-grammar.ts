import {
  type CallOptions,
  type ChatModel,
  type ChatRequest,
  ProviderError,
  type Stream,
  type ToolChoice,
  type ToolDefinition,
  type Warning,
} from "@llamaduct/core";
import { decodeStream } from "./decode-stream.ts";
import { createPartWriter } from "./part-writer.ts";
import { createReplyDecoder } from "./reply-decoder.ts";
import { toGrammar } from "./to-grammar.ts";
import { toPlainMessages, withInstruction } from "./to-plain-messages.ts";

export interface ViaGrammarOptions {
  readonly instruction: (tools: readonly ToolDefinition[], choice: ToolChoice) => string;
  readonly generateId: () => string;
}

/** Sends a request with tools as one without, whose reply a grammar holds to calls and answers. One upstream request. */
export function viaGrammar(
  next: ChatModel,
  { request, call }: { readonly request: ChatRequest; readonly call: CallOptions | undefined },
  { instruction, generateId }: ViaGrammarOptions,
): Stream {
  const { tools = [], toolChoice = "auto", parallelToolCalls, responseFormat, ...rest } = request;
  const { logprobs, stop = [], ...settings } = request.settings ?? {};
  const mayAnswer = toolChoice === "auto";
  const oneCall = parallelToolCalls === false || typeof toolChoice === "object";
  const callable = tools
    .map((tool, index) => ({ tool, index }))
    .filter(({ tool }) => typeof toolChoice === "string" || tool.name === toolChoice.name);
  const warnings: readonly Warning[] = logprobs === undefined ? [] : [NO_LOGPROBS];
  if (request.strictSettings === true && logprobs !== undefined)
    throw new ProviderError({ code: "unsupported", ...NO_LOGPROBS });

  const writer = createPartWriter();
  const decoder = createReplyDecoder({
    names: new Set(callable.map(({ tool }) => tool.name)),
    mayAnswer,
    isJsonAnswer: responseFormat?.type === "json",
    oneCall,
    stop,
    generateId,
    writer,
  });
  const source = next.stream(
    {
      ...rest,
      messages: withInstruction(
        toPlainMessages(request.messages),
        instruction(
          callable.map(({ tool }) => tool),
          toolChoice,
        ),
      ),
      responseFormat: { type: "json", schema: toGrammar({ tools: callable, mayAnswer, oneCall, responseFormat }) },
      ...(request.settings && { settings }),
    },
    call,
  );
  return decodeStream(source, { decoder, writer, warnings, toError: toToolsError });
}

const NO_LOGPROBS: Warning = {
  setting: "settings.logprobs",
  message: "A model that calls tools through JSON has no logprobs: they would describe that JSON.",
};

/** The client sent tools, so a refusal of the schema that was made from them is about tools. */
function toToolsError(error: unknown): unknown {
  const isAboutFormat = error instanceof ProviderError && error.setting?.startsWith("responseFormat") === true;
  if (!isAboutFormat) return error;
  return new ProviderError({
    code: error.code,
    message: "The model's host refuses the schema that was made from these tools.",
    setting: "tools",
    upstreamStatus: error.upstreamStatus,
    upstreamMessage: error.upstreamMessage,
    cause: error,
  });
}
