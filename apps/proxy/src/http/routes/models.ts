import type { FastifyInstance } from "fastify";
import type { Llamaduct } from "llamaduct";
import { clientGone } from "../client-gone.ts";

/** Every name a client may ask for, and any one of them: ids hold `/` and `:`, plain or percent-encoded. */
export function models(app: FastifyInstance, engine: Llamaduct): void {
  for (const url of ["/v1/models", "/models"]) {
    app.get(url, (_, reply) => engine.listModels({ signal: clientGone(reply.raw) }));
    app.get<{ Params: { "*": string } }>(`${url}/*`, (request, reply) =>
      engine.retrieveModel(request.params["*"], { signal: clientGone(reply.raw) }),
    );
  }
}
