import type { Capabilities, Support } from "@llamaduct/core";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { DescribedModel } from "llamaduct";
import { mayUse } from "../access/may-use.ts";
import { toLookup } from "../request/to-call.ts";
import { supportedParams } from "./supported-params.ts";

/** LiteLLM's account of every model: what it can do, and how much it reads. Keys and addresses are not in it. */
export function modelInfo(app: FastifyInstance): void {
  const config = { access: "key" } as const;
  for (const url of ["/v1/model/info", "/model/info"])
    app.get<{ Querystring: { litellm_model_id?: string } }>(url, { config }, async (request, reply) => {
      const { litellm_model_id: wanted } = request.query;
      const entries = (await describe(request, reply)).map(toEntry);
      return { data: wanted === undefined ? entries : entries.filter(({ model_info: { id } }) => id === wanted) };
    });
  app.get("/model_group/info", { config }, async (request, reply) => {
    const groups = new Map<string, DescribedModel[]>();
    for (const model of await describe(request, reply))
      groups.set(model.name, [...(groups.get(model.name) ?? []), model]);
    return { data: [...groups].map(([name, group]) => toGroup(name, group)) };
  });
}

async function describe(request: FastifyRequest, reply: FastifyReply): Promise<readonly DescribedModel[]> {
  const models = await request.served.engine.describeModels(toLookup(request, reply));
  return models.filter(({ name }) => mayUse(request.asker, name));
}

function toEntry({ name, deploymentId, providerId, modelId, info, told }: DescribedModel) {
  const reference = `${providerId}/${modelId}`;
  const contextLength = info?.contextLength ?? null;
  return {
    model_name: name,
    litellm_params: { model: reference },
    model_info: {
      mode: toMode([info?.capabilities]),
      max_tokens: contextLength,
      max_input_tokens: contextLength,
      ...toFlags([info?.capabilities]),
      ...told,
      id: deploymentId,
      db_model: false,
      key: reference,
      litellm_provider: providerId,
    },
  };
}

function toGroup(name: string, group: readonly DescribedModel[]): object {
  const capabilities = group.map(({ info }) => info?.capabilities);
  const contextLengths = group.flatMap(({ info }) => info?.contextLength ?? []);
  return {
    model_group: name,
    providers: [...new Set(group.map(({ providerId }) => providerId))],
    mode: toMode(capabilities),
    // A request may go to any of them.
    max_input_tokens: contextLengths.length === 0 ? null : Math.min(...contextLengths),
    ...toFlags(capabilities),
    supported_openai_params: supportedParams(),
  };
}

type Known = readonly (Capabilities | undefined)[];

function toMode(models: Known): "embedding" | "chat" {
  return models.every((can) => can?.embeddings === "native") ? "embedding" : "chat";
}

function toFlags(models: Known): object {
  const flag = (what: keyof Capabilities) => toFlag(models.map((can) => can?.[what] ?? "unknown"));
  return {
    supports_function_calling: flag("tools"),
    supports_response_schema: flag("jsonSchema"),
    supports_reasoning: flag("reasoning"),
    supports_vision: flag("images"),
  };
}

/** `null`: nobody knows. */
function toFlag(support: readonly Support[]): boolean | null {
  if (support.includes("native")) return true;
  return support.includes("unknown") ? null : false;
}
