import type { FastifyInstance } from "fastify";
import { mayUse } from "../access/may-use.ts";
import { clientGone } from "../answer/client-gone.ts";
import { HttpError } from "../answer/http-error.ts";

/** Every name that the key may ask for, and any one of them: ids hold `/` and `:`, plain or percent-encoded. */
export function models(app: FastifyInstance): void {
  const config = { access: "key" } as const;
  for (const url of ["/v1/models", "/models"]) {
    app.get(url, { config }, async ({ asker, served }, reply) => {
      const list = await served.engine.listModels({ signal: clientGone(reply.raw) });
      return { ...list, data: list.data.filter(({ id }) => mayUse(asker, id)) };
    });
    app.get<{ Params: { "*": string } }>(`${url}/*`, { config }, ({ asker, served, params }, reply) => {
      const { "*": id } = params;
      if (!mayUse(asker, id)) throw notFound(id);
      return served.engine.retrieveModel(id, { signal: clientGone(reply.raw) });
    });
  }
}

function notFound(id: string): HttpError {
  return new HttpError("model_not_found", `There is no model "${id.slice(0, 100)}" here.`, { param: "model" });
}
