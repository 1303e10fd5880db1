import type { FastifyInstance } from "fastify";
import { HttpError } from "../answer/http-error.ts";
import { hook } from "./hook.ts";

/** New requests of connections that are still open, once the proxy has begun to shut down. */
export function refuseWhenClosing(app: FastifyInstance): void {
  let closing = false;
  app.addHook("preClose", async () => {
    closing = true;
  });
  app.addHook(
    "onRequest",
    hook(() => {
      if (!closing) return;
      const headers = { connection: "close" };
      throw new HttpError("server_shutting_down", "The proxy is shutting down.", { headers });
    }),
  );
}
