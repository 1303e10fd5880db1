import type { FastifyInstance } from "fastify";
import type { ServerConfig } from "../../config/proxy-config.ts";
import type { ShedReason } from "../../observe/request-record.ts";
import { HttpError } from "../answer/http-error.ts";
import { onClosed } from "../answer/on-closed.ts";
import { hook } from "./hook.ts";
import { type Load, watchLoad } from "./watch-load.ts";

/**
 * Turns new `limited` requests away while the process has more to do than it can, so that those under way go on as before.
 * Everything else is answered: whoever watches a busy proxy has to see it.
 */
export function shedLoad(app: FastifyInstance): void {
  const watch = watchLoad();
  app.addHook("onClose", async () => watch.stop());
  let underWay = 0;

  app.addHook(
    "onRequest",
    hook(({ routeOptions, served: { server }, notes }, { raw }) => {
      if (routeOptions.config.limited !== true) return;
      const reason =
        underWay >= (server.maxInFlight ?? Number.POSITIVE_INFINITY) ? "in_flight" : overload(server, watch.load);
      if (reason !== undefined) {
        notes.shed = reason;
        throw new HttpError("server_is_overloaded", MESSAGES[reason], { headers: { "retry-after": "1" } });
      }
      underWay++;
      onClosed(raw, () => underWay--);
    }),
  );
}

const MESSAGES: Readonly<Record<ShedReason, string>> = {
  in_flight: "As many requests are under way as this proxy takes. Try again in a second.",
  event_loop: "This proxy is busier than it can be. Try again in a second.",
  memory: "This proxy is short of memory. Try again in a second.",
};

function overload({ overload = {} }: ServerConfig, { delayMs, memory }: Load): ShedReason | undefined {
  if (delayMs > (overload.delayMs ?? 500)) return "event_loop";
  return memory > (overload.memory ?? 0.95) ? "memory" : undefined;
}
