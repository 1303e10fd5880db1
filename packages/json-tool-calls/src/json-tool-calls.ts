import {
  type ChatModel,
  type ChatRequest,
  type Message,
  type Middleware,
  ProviderError,
  type Support,
  type ToolChoice,
  type ToolDefinition,
} from "@llamaduct/core";
import { checkTools } from "./check-tools.ts";
import { limitCalls } from "./limit-calls.ts";
import { orElse } from "./or-else.ts";
import { randomCallId } from "./random-call-id.ts";
import { createRefusals } from "./refusals.ts";
import { toInstruction } from "./to-instruction.ts";
import { toNativeTools } from "./to-native-tools.ts";
import { toPlainMessages } from "./to-plain-messages.ts";
import { viaGrammar } from "./via-grammar.ts";

export interface JsonToolCallsOptions {
  /** What a model is told that calls through JSON: the form of its reply, and the tools it may call. Goes to the system message. */
  readonly instruction?: ((tools: readonly ToolDefinition[], choice: ToolChoice) => string) | undefined;
  /** Makes ids for the calls. Default `call_` and 24 random characters. */
  readonly generateId?: (() => string) | undefined;
}

/**
 * Tool calling for any model that writes JSON under a schema, and a tool choice that is obeyed. Requests that the model
 * can serve natively go through as they are. An instance remembers which models of `unknown` capability have refused
 * tools, by provider and model id, for five minutes: use one for each host.
 */
export function jsonToolCalls(options: JsonToolCallsOptions = {}): Middleware {
  const refusals = createRefusals();
  const grammar = {
    instruction: options.instruction ?? toInstruction,
    generateId: options.generateId ?? randomCallId,
  };
  // A method, so that the name is the same in a bundle: errors tell it.
  return {
    jsonToolCalls(next: ChatModel): ChatModel {
      const { provider, modelId } = next;
      const toSupport = () => refusals.amend(next.capabilities().tools, next);
      return {
        provider,
        modelId,
        // What the model itself can: a layer above decides by it whether one request serves tools and a schema together.
        capabilities: () => ({ ...next.capabilities(), tools: toSupport() }),
        stream(request, call) {
          const { tools = [], toolChoice = "auto" } = request;
          checkTools(tools, toolChoice);
          const support = toSupport();
          if (tools.length === 0) return next.stream(withReadableHistory(request, support), call);
          if (toolChoice === "none") return limitCalls(next.stream(withoutTools(request, support), call), 0);

          const native = toolChoice === "auto" ? toNativeRequest(request, support) : undefined;
          const second = () => viaGrammar(next, { request, call }, grammar);
          if (native === undefined) return second();
          const first = () => {
            const stream = next.stream(native, call);
            return request.parallelToolCalls === false ? limitCalls(stream, 1) : stream;
          };
          if (support === "native") return first();
          return orElse({
            first,
            isRefusal(error) {
              const isRefused =
                error instanceof ProviderError && error.code === "unsupported" && error.setting === "tools";
              if (isRefused) refusals.add(next);
              return isRefused;
            },
            second,
          });
        },
      };
    },
  }.jsonToolCalls;
}

/** `undefined` where only a grammar will do. */
function toNativeRequest(request: ChatRequest, support: Support): ChatRequest | undefined {
  // A model that writes under a schema cannot leave it to make a call.
  if (support === "none" || request.responseFormat?.type === "json") return undefined;
  const tools = request.tools && toNativeTools(request.tools);
  if (tools === undefined) return undefined;
  const { parallelToolCalls, ...rest } = request;
  // That there be one call at most is kept here: asked for below, it would only be warned about.
  return { ...rest, tools, ...(parallelToolCalls === true && { parallelToolCalls }) };
}

function withoutTools(request: ChatRequest, support: Support): ChatRequest {
  const { tools, toolChoice, parallelToolCalls, ...rest } = request;
  return withReadableHistory(rest, support);
}

/** The template of a model without tools has no place for earlier calls and their results: it would leave them out. */
function withReadableHistory(request: ChatRequest, support: Support): ChatRequest {
  const hasCalls = ({ role, content }: Message) =>
    role === "tool" || (role === "assistant" && content.some(({ type }) => type === "tool-call"));
  if (support !== "none" || !request.messages.some(hasCalls)) return request;
  return { ...request, messages: toPlainMessages(request.messages) };
}
