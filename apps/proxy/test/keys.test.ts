import { expect, it } from "vitest";
import { head, rawExchange } from "./raw-exchange.ts";
import { startProxy } from "./start-proxy.ts";

const masterKey = "sk-master";
const PUBLIC = ["/health/liveliness", "/health/liveness", "/health/readiness"];

it("every route but the public ones wants the key", async () => {
  const { app, port } = await startProxy({ masterKey });
  const routes = routesOf(app.printRoutes({ commonPrefix: false }));
  expect(routes.map(({ url }) => url)).toEqual(
    expect.arrayContaining([...PUBLIC, "/v1/chat/completions", "/v1/models"]),
  );
  for (const { method, url } of routes) {
    const { status, headers } = await rawExchange(port, head(`${method} ${url} HTTP/1.1`));
    if (PUBLIC.includes(url)) expect(`${url} ${status}`).toBe(`${url} 200`);
    else expect(`${url} ${status} ${headers["www-authenticate"]}`).toBe(`${url} 401 Bearer`);
  }
});

it.each([
  ["none", {}],
  ["a wrong one", { authorization: "Bearer sk-other" }],
  ["a part of it", { authorization: "Bearer sk-mast" }],
  ["one with more", { authorization: "Bearer sk-master and more" }],
  ["an empty one", { authorization: "Bearer " }],
  ["no scheme", { authorization: "sk-master" }],
  ["another scheme", { authorization: "Basic sk-master" }],
])("a key is refused: %s", async (_, fields: Record<string, string>) => {
  const { url, emulator } = await startProxy({ masterKey });
  const response = await fetch(`${url}/v1/models`, { headers: fields });
  expect(response.status).toBe(401);
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({
    error: { type: "invalid_request_error", code: "invalid_api_key", param: null },
  });
  expect(text).not.toContain("sk-");
  expect(emulator.requests).toEqual([]);
});

it.each(["Bearer sk-master", "bearer  sk-master"])("a key passes: %s", async (authorization) => {
  const { url } = await startProxy({ masterKey });
  expect((await fetch(`${url}/v1/models`, { headers: { authorization } })).status).toBe(200);
});

it("the key is checked before the body", async () => {
  const { port } = await startProxy({ masterKey });
  const fields = { "content-type": "application/json", "content-length": "1000000" };
  expect((await rawExchange(port, head("POST /v1/chat/completions HTTP/1.1", fields))).status).toBe(401);
});

it("no spelling of the target gets past it", async () => {
  const { port, emulator } = await startProxy({ masterKey });
  const targets = [
    "http://proxy/v1/models",
    "http://proxy/health/liveness/../../v1/models",
    "/health/liveness/../../v1/models",
    "/health/liveness?/v1/models",
    "/v1/models?/health/liveness",
    "/v1/models#/health/liveness",
    "/v1/models;/health/liveness",
    "/v1/%6dodels",
    "/v1%2fmodels",
    "/V1/MODELS",
    "//v1/models",
    "/v1/models/",
    "/health/liveness%00/v1/models",
  ];
  for (const target of targets) {
    for (const host of ["proxy", "a/health/liveness?x="]) {
      const { body } = await rawExchange(port, head(`GET ${target} HTTP/1.1`, { host }));
      expect(`${target} ${body}`).not.toContain('"object":"list"');
    }
  }
  expect(emulator.requests).toEqual([]);
});

it("K4: the client's key stays here", async () => {
  const { client, emulator } = await startProxy({ masterKey });
  await client.chat.completions.create({ model: "plain", messages: [{ role: "user", content: "hi" }] });
  expect((await emulator.nextRequest("/api/chat")).headers).not.toHaveProperty("authorization");
});

/** From `├── /v1/models (GET, HEAD)`. */
function routesOf(tree: string): { readonly method: string; readonly url: string }[] {
  return [...tree.matchAll(/(\/\S+) \(([A-Z, ]+)\)/g)].flatMap(([, url = "", methods = ""]) =>
    methods.split(", ").map((method) => ({ method, url })),
  );
}
