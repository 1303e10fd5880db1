import type { FastifyInstance } from "fastify";
import { HttpError } from "../answer/http-error.ts";
import { toLookup } from "../request/to-call.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { supportedParams } from "./supported-params.ts";

/** LiteLLM's questions about a model that cost no inference. */
export function utilities(app: FastifyInstance): void {
  const config = { access: "key" } as const;
  app.get<{ Querystring: { model?: unknown } }>(
    "/utils/supported_openai_params",
    { config },
    async (request, reply) => {
      const model = requireText(request.query.model, "model");
      await request.served.engine.retrieveModel(model, toLookup(request, reply));
      return { supported_openai_params: supportedParams() };
    },
  );
  app.post("/utils/token_counter", { config }, ({ body, served }) => {
    // Anything has members, or none.
    const { model: name, prompt, messages } = (body ?? {}) as Readonly<Record<string, unknown>>;
    const model = requireText(name, "model");
    const deployment = served.engine.states().find(({ group }) => group === model);
    return {
      total_tokens: estimateTokens(toPrompt(prompt, messages)),
      request_model: model,
      model_used: deployment?.model ?? model,
      tokenizer_type: "llamaduct_estimate",
      count_source: "local_estimate",
      original_response: null,
      error: false,
      error_message: null,
      status_code: null,
    };
  });
}

function toPrompt(prompt: unknown, messages: unknown): unknown {
  if (Array.isArray(messages)) return messages;
  if (typeof prompt === "string") return prompt;
  const param = messages === undefined ? "prompt" : "messages";
  throw new HttpError("invalid_value", "Send a prompt as text, or messages as a list.", { param });
}

function requireText(value: unknown, param: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new HttpError("invalid_value", `${param} must be a name.`, { param });
}
