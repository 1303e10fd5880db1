import type { FastifyInstance } from "fastify";
import type { Llamaduct } from "llamaduct";
import { onClosed } from "../http/answer/on-closed.ts";
import { hook } from "../http/request/hook.ts";
import type { Served } from "../http/served.ts";

/** What is served now. A reload puts another in its place; requests keep the one they began with. */
export interface Current {
  readonly get: () => Served;
  /** The engine before is closed when its last request has ended. */
  replace(next: Served): void;
}

/** Starts with `first`. The requests of `app` are counted, once it is handed to `watch`. */
export function createCurrent(first: Served): Current & { watch(app: FastifyInstance): void } {
  let current = first;
  const underWay = new Map<Llamaduct, number>();

  function release(engine: Llamaduct): void {
    const left = (underWay.get(engine) ?? 1) - 1;
    underWay.set(engine, left);
    if (left > 0) return;
    underWay.delete(engine);
    if (engine !== current.engine) engine.close();
  }

  return {
    get: () => current,
    replace(next) {
      const { engine } = current;
      current = next;
      if (engine !== next.engine && !underWay.has(engine)) engine.close();
    },
    watch(app) {
      app.addHook(
        "onRequest",
        hook(({ served: { engine } }, reply) => {
          underWay.set(engine, (underWay.get(engine) ?? 0) + 1);
          onClosed(reply.raw, () => release(engine));
        }),
      );
    },
  };
}
