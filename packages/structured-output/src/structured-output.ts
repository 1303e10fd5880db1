import type {
  Batch,
  CallOptions,
  ChatRequest,
  Middleware,
  ResponseFormat,
  Stream,
  StreamModel,
  TextRequest,
} from "@llamaduct/core";
import { endAfterJson } from "./end-after-json.ts";
import { type Judge, orElse } from "./or-else.ts";
import { orThrow } from "./or-throw.ts";
import { toEngineSchema } from "./to-engine-schema.ts";
import { createValidators } from "./validators.ts";

export interface StructuredOutputOptions {
  /**
   * How often a strict answer that breaks its schema is asked for again, the violation described. With one, strict
   * answers are held until they are known to be right; without, they stream. Default 0.
   */
  readonly repairs?: 0 | 1 | undefined;
}

type AnyRequest = ChatRequest | TextRequest;
type JsonFormat = Extract<ResponseFormat, { readonly type: "json" }>;

/**
 * Makes JSON answers hold what `responseFormat` asks: strict ones are validated, tools and a schema work together, and
 * an answer ends where its JSON does. Everything else passes untouched.
 */
export function structuredOutput<Request extends AnyRequest = ChatRequest>({
  repairs = 0,
}: StructuredOutputOptions = {}): Middleware<Request> {
  const validators = createValidators();

  // A method, so that the name is the same in a bundle: errors tell it.
  return {
    structuredOutput(next: StreamModel<AnyRequest>): StreamModel<AnyRequest> {
      const { provider, modelId } = next;

      async function* answer(request: AnyRequest, format: JsonFormat, call?: CallOptions): AsyncGenerator<Batch> {
        const toolsFirst = offersTools(request) && next.capabilities().tools !== "none";
        const validate = format.strict || toolsFirst ? await validators.get(format.schema) : undefined;
        const sent: AnyRequest = { ...request, responseFormat: toEngineFormat(format) };

        const ask = (asked: AnyRequest): Stream => endAfterJson(next.stream(asked, call));
        const askStrictly = (asked: AnyRequest): Stream => {
          if (!format.strict || validate === undefined) return ask(asked);
          // An answer cut short is told by its finish, not by an error.
          const judge: Judge = (text, { reason }) =>
            reason === "length" || reason === "content-filter" ? undefined : validate(text);
          if (repairs === 0) return orThrow(ask(asked), judge);
          return orElse(ask(asked), {
            judge,
            again: (text, violation) => orThrow(ask(toRepair(asked, text, violation)), judge),
          });
        };

        if (!toolsFirst) return yield* askStrictly(sent);
        // Under a schema an engine can only write what the schema allows, which no tool call is (G2).
        yield* orElse(next.stream({ ...request, responseFormat: undefined }, call), {
          judge: (text) => validate?.(text),
          again: () => askStrictly({ ...sent, ...NO_TOOLS }),
        });
      }

      return {
        provider,
        modelId,
        capabilities: () => next.capabilities(),
        stream(request, call) {
          const format = request.responseFormat;
          if (format?.type !== "json") return next.stream(request, call);
          // The answer is a call, whose form its tool says.
          if (mustCall(request)) return next.stream({ ...request, responseFormat: undefined }, call);
          return answer(request, format, call);
        },
      };
    },
  }.structuredOutput;
}

const NO_TOOLS = { tools: undefined, toolChoice: undefined, parallelToolCalls: undefined };

function offersTools(request: AnyRequest): request is ChatRequest {
  return "tools" in request && request.tools !== undefined && request.tools.length > 0 && request.toolChoice !== "none";
}

function mustCall(request: AnyRequest): boolean {
  return offersTools(request) && request.toolChoice !== undefined && request.toolChoice !== "auto";
}

function toEngineFormat(format: JsonFormat): JsonFormat {
  return format.schema === undefined ? format : { ...format, schema: toEngineSchema(format.schema) };
}

/** The same question, and what was wrong with its answer; a prompt has no place for that. */
function toRepair(request: AnyRequest, text: string, violation: string): AnyRequest {
  // On some hosts thinking turned off turns the schema off too (G3).
  const isTurnedOff = request.reasoning === false || request.reasoning === "none";
  const reasoning = isTurnedOff ? undefined : request.reasoning;
  if (!("messages" in request)) return { ...request, reasoning };
  const complaint = `This answer ${violation}. Answer again with JSON that holds the schema, and nothing else.`;
  return {
    ...request,
    reasoning,
    messages: [
      ...request.messages,
      ...(text === "" ? [] : [{ role: "assistant" as const, content: [{ type: "text" as const, text }] }]),
      { role: "user", content: [{ type: "text", text: complaint }] },
    ],
  };
}
