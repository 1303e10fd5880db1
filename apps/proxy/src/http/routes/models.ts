import type { ModelList } from "@llamaduct/openai-dialect";
import type { FastifyInstance } from "fastify";
import type { Asker } from "../access/keyring.ts";
import { mayUse } from "../access/may-use.ts";
import { HttpError } from "../answer/http-error.ts";
import { toLookup } from "../request/to-call.ts";

/** Every name that the key may ask for, and any one of them: ids hold `/` and `:`, plain or percent-encoded. */
export function models(app: FastifyInstance): void {
  const config = { access: "key" } as const;
  const render = createRenderer();
  for (const url of ["/v1/models", "/models"]) {
    app.get(url, { config }, async (request, reply) => {
      const list = await request.served.engine.listModels(toLookup(request, reply));
      return reply.type("application/json; charset=utf-8").send(render(list, request.asker));
    });
    app.get<{ Params: { "*": string } }>(`${url}/*`, { config }, (request, reply) => {
      const { "*": id } = request.params;
      if (!mayUse(request.asker, id)) throw notFound(id);
      return request.served.engine.retrieveModel(id, toLookup(request, reply));
    });
  }
}

/** A list is written once for each key, as long as it stays the same. */
function createRenderer(): (list: ModelList, asker: Asker) => Buffer {
  const written = new WeakMap<ModelList, Map<Asker["key"], Buffer>>();
  return (list, asker) => {
    const ofKeys = written.get(list) ?? new Map<Asker["key"], Buffer>();
    written.set(list, ofKeys);
    const render = () => JSON.stringify({ ...list, data: list.data.filter(({ id }) => mayUse(asker, id)) });
    const bytes = ofKeys.get(asker.key) ?? Buffer.from(render());
    ofKeys.set(asker.key, bytes);
    return bytes;
  };
}

function notFound(id: string): HttpError {
  return new HttpError("model_not_found", `There is no model "${id.slice(0, 100)}" here.`, { param: "model" });
}
