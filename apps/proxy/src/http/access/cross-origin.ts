import cors, { type FastifyCorsOptionsDelegateCallback } from "@fastify/cors";
import type { FastifyInstance } from "fastify";
import { wantsKey } from "./keyring.ts";

/**
 * Lets pages of other origins ask, never with credentials of the browser's. Only where a key is wanted: without one, any
 * page that somebody opens could use the models on their machine.
 */
export function allowCrossOrigin(app: FastifyInstance): void {
  const delegator: FastifyCorsOptionsDelegateCallback = ({ served: { server } }, callback) =>
    callback(null, {
      origin: wantsKey(server) && [...(server.corsOrigins ?? ["*"])],
      methods: ["GET", "HEAD", "POST"],
      exposedHeaders: "*",
      maxAge: 7200,
      // Its own answer to an odd preflight is plain text.
      strictPreflight: false,
    });
  // Called rather than registered: its hook has to stand between ours, and `register` would put it last.
  cors(app, { delegator }, () => {});
}
