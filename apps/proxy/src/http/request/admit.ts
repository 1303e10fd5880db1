import type { FastifyInstance, FastifyRequest } from "fastify";
import { HttpError } from "../answer/http-error.ts";
import { hook } from "./hook.ts";
import { nearPath } from "./near-path.ts";

/** Turns requests away that reach no route, before their body is read: nobody without a key makes us parse one. */
export function admit(app: FastifyInstance): void {
  const methods = new Map<string, string[]>();
  app.addHook("onRoute", ({ url, method }) => {
    methods.set(url, [...(methods.get(url) ?? []), method].flat());
  });
  app.addHook(
    "onRequest",
    hook((request) => {
      // The one route for OPTIONS answers preflights, which never come this far.
      if (request.is404 || request.method === "OPTIONS") throw noRoute(request, methods);
    }),
  );
}

function noRoute({ url, method }: FastifyRequest, methods: ReadonlyMap<string, readonly string[]>): HttpError {
  const [path = ""] = url.split("?", 1);
  const known = [...methods.keys()];
  const route = known.find((pattern) => fits(path, pattern));
  if (route !== undefined) {
    const headers = { allow: (methods.get(route) ?? []).join(", ") };
    return new HttpError("method_not_allowed", `${method} is not allowed here.`, { headers });
  }
  const near = nearPath(path, known);
  const hint = near === undefined ? "Chat is at /v1/chat/completions." : `Did you mean ${near}?`;
  return new HttpError("unknown_url", `There is no such endpoint. ${hint}`);
}

/** Whether a path is one of a route's, which may have parameters and a `*` at its end. */
function fits(path: string, pattern: string): boolean {
  const [wanted, segments] = [pattern.split("/"), path.split("/")];
  if (wanted.at(-1) !== "*" && wanted.length !== segments.length) return false;
  return wanted.every((part, index) => {
    const segment = segments[index] ?? "";
    return part === segment || (/^[:*]/.test(part) && segment !== "");
  });
}
