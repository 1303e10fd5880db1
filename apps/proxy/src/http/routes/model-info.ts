import type { Capabilities, Support } from "@llamaduct/core";
import type { FastifyInstance } from "fastify";
import type { DescribedModel, Llamaduct } from "llamaduct";
import { clientGone } from "../client-gone.ts";

/** LiteLLM's account of every model: what it can do, and how much it reads. Keys and addresses are not in it. */
export function modelInfo(app: FastifyInstance, engine: Llamaduct): void {
  for (const url of ["/v1/model/info", "/model/info"])
    app.get(url, async (_, reply) => {
      const models = await engine.describeModels({ signal: clientGone(reply.raw) });
      return { data: models.map(toEntry) };
    });
}

function toEntry({ name, providerId, modelId, info }: DescribedModel): object {
  const reference = `${providerId}/${modelId}`;
  const can = (what: keyof Capabilities) => toFlag(info?.capabilities[what]);
  const contextLength = info?.contextLength ?? null;
  return {
    model_name: name,
    litellm_params: { model: reference },
    model_info: {
      id: name,
      db_model: false,
      key: reference,
      litellm_provider: providerId,
      mode: info?.capabilities.embeddings === "native" ? "embedding" : "chat",
      max_tokens: contextLength,
      max_input_tokens: contextLength,
      supports_function_calling: can("tools"),
      supports_response_schema: can("jsonSchema"),
      supports_reasoning: can("reasoning"),
      supports_vision: can("images"),
    },
  };
}

/** `null`: nobody knows. */
function toFlag(support: Support | undefined): boolean | null {
  if (support === "native") return true;
  return support === "none" ? false : null;
}
