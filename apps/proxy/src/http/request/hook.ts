import type { FastifyReply, FastifyRequest, onRequestHookHandler } from "fastify";

/** A hook that waits for nothing; what it throws is the answer. An async one costs every request a turn of the queue. */
export function hook(look: (request: FastifyRequest, reply: FastifyReply) => void): onRequestHookHandler {
  return (request, reply, done) => {
    look(request, reply);
    done();
  };
}
