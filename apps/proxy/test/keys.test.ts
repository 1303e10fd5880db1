import { createHash } from "node:crypto";
import { createLlamaduct } from "llamaduct";
import OpenAI from "openai";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { KeyConfig } from "../src/config/proxy-config.ts";
import { createApp } from "../src/http/create-app.ts";
import { head, rawExchange } from "./raw-exchange.ts";
import { startProxy } from "./start-proxy.ts";

const masterKey = "sk-master";
const PUBLIC = ["/health/liveliness", "/health/liveness", "/health/readiness", "/openapi.json"];

it("every route but the public ones wants the key", async () => {
  const { app, port } = await startProxy({ masterKey });
  const routes = routesOf(app.printRoutes({ commonPrefix: false }));
  expect(routes.map(({ url }) => url)).toEqual(
    expect.arrayContaining([...PUBLIC, "/v1/chat/completions", "/v1/models"]),
  );
  // The one for preflights answers nobody else: see cross-origin.test.ts.
  for (const { method, url } of routes.filter(({ url }) => url !== "*")) {
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
  ["another scheme", { authorization: "Digest sk-master" }],
  ["one in front of the right one", { "x-litellm-api-key": "sk-other", authorization: "Bearer sk-master" }],
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

it.each([
  { authorization: "bearer  sk-master" },
  { authorization: "Basic sk-master" },
  { "x-litellm-api-key": "sk-master", authorization: "Bearer sk-of-another-hop" },
  { "api-key": "sk-master" },
  { "x-api-key": "sk-master" },
  { "x-goog-api-key": "sk-master" },
  { "ocp-apim-subscription-key": "sk-master" },
])("a key passes: %j", async (headers) => {
  const { url } = await startProxy({ masterKey });
  // Of headers that another row has, there is none: their value is undefined.
  expect((await fetch(`${url}/v1/models`, { headers: headers as Record<string, string> })).status).toBe(200);
});

it("the operator may name the one header that counts", async () => {
  const { url } = await startProxy({ masterKey, server: { masterKey, keyHeader: "x-mine" } });
  const status = async (headers: Record<string, string>) => (await fetch(`${url}/v1/models`, { headers })).status;
  expect(await status({ "x-mine": "Bearer sk-master" })).toBe(200);
  expect(await status({ authorization: "Bearer sk-master" })).toBe(401);
});

it("a route that does not say who may call it cannot be registered", () => {
  const served = { engine: createLlamaduct(), server: {} };
  const app = createApp({ served: () => served, logger: pino({ enabled: false }) });
  expect(() => app.get("/forgotten", () => "")).toThrow("The route GET /forgotten declares no access.");
  expect(() => app.get("/remembered", { config: { access: "key" } }, () => "")).not.toThrow();
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

const deployments = ["gpt-4o", "gpt-4o-mini", "secret"].map((name) => ({ name, model: "ollama_chat/plain" }));
const hi = [{ role: "user", content: "hi" } as const];

describe("a key beside the master key", () => {
  it("passes, and does not when it is another or has expired", async () => {
    const { url } = await startProxy({
      server: { masterKey, keys: [keyOf("sk-a"), keyOf("sk-old", { expiresAt: 1 })] },
    });
    const ask = (key: string) => fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
    expect((await ask("sk-a")).status).toBe(200);
    expect((await ask("sk-b")).status).toBe(401);
    const expired = await ask("sk-old");
    expect(expired.status).toBe(401);
    expect(await expired.json()).toMatchObject({ error: { message: "The key has expired.", code: "invalid_api_key" } });
  });

  it("is wanted where there is no master key, too", async () => {
    const { url } = await startProxy({ server: { keys: [keyOf("sk-a")] } });
    expect((await fetch(`${url}/v1/models`)).status).toBe(401);
  });

  it("asks only for the models it may, by any name that the request has for them", async () => {
    const keys = [keyOf("sk-a", { models: ["gpt-4*"] })];
    const { url, emulator } = await startProxy({ server: { masterKey, keys }, deployments });
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "sk-a", maxRetries: 0 });
    await client.chat.completions.create({ model: "gpt-4o-mini", messages: hi });
    await emulator.nextRequest("/api/chat");
    const refused: [object, string][] = [
      [{ model: "secret" }, "model"],
      [{ model: "ollama_chat/plain" }, "model"],
      [{ model: "gpt-4o", fallbacks: ["secret"] }, "fallbacks"],
      [{ model: "gpt-4o", fallbacks: [{ model: "secret" }] }, "fallbacks"],
      [{ model: "gpt-4o", fallbacks: [{ "gpt-4o": ["secret"] }] }, "fallbacks"],
      [{ model: "gpt-4o", models: ["secret"] }, "models"],
    ];
    for (const [fields, param] of refused) {
      const request = { messages: hi, ...fields } as OpenAI.ChatCompletionCreateParamsNonStreaming;
      const error = await client.chat.completions.create(request).catch((reason) => reason);
      expect(error).toMatchObject({ status: 403, code: "not_allowed", param, type: "invalid_request_error" });
    }
    const inPath = await fetch(`${url}/engines/secret/chat/completions`, {
      method: "POST",
      headers: { "x-api-key": "sk-a", "content-type": "application/json" },
      body: JSON.stringify({ model: "gpt-4o", messages: hi }),
    });
    expect(inPath.status).toBe(403);
    expect(emulator.requests).toHaveLength(1);
  });

  it("is shown only the models it may ask for", async () => {
    const keys = [keyOf("sk-a", { models: ["gpt-4o"] }), keyOf("sk-b")];
    const { url } = await startProxy({ server: { masterKey, keys }, deployments });
    const get = async (path: string, key: string) =>
      (await fetch(url + path, { headers: { authorization: `Bearer ${key}` } })).json();
    const names = async (path: string, key: string) =>
      ((await get(path, key)) as { data: { id?: string; model_name?: string; model_group?: string }[] }).data.map(
        ({ id, model_name, model_group }) => id ?? model_name ?? model_group,
      );
    for (const path of ["/v1/models", "/models", "/model/info", "/model_group/info"]) {
      expect(await names(path, "sk-a")).toEqual(["gpt-4o"]);
      for (const key of ["sk-b", masterKey]) expect(await names(path, key)).toHaveLength(3);
    }
    expect(await get("/v1/models/gpt-4o", "sk-a")).toMatchObject({ id: "gpt-4o" });
    expect(await get("/v1/models/secret", "sk-a")).toMatchObject({
      error: { code: "model_not_found", param: "model" },
    });
  });

  it("a reload counts from the next request on", async () => {
    const { url, serve } = await startProxy({ server: { masterKey, keys: [keyOf("sk-a")] } });
    const status = async (key: string) =>
      (await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status;
    expect(await status("sk-a")).toBe(200);
    serve({ server: { masterKey: "sk-new" } });
    expect([await status("sk-a"), await status(masterKey), await status("sk-new")]).toEqual([401, 401, 200]);
  });
});

describe("allowed addresses", () => {
  const status = async (server: object, headers: Record<string, string> = {}, path = "/v1/models") => {
    const { url } = await startProxy({ server });
    return (await fetch(url + path, { headers })).status;
  };

  it("are single ones or networks; probes may come from anywhere", async () => {
    expect(await status({ allowedIps: ["127.0.0.1"] })).toBe(200);
    expect(await status({ allowedIps: ["10.0.0.1", "127.0.0.0/8"] })).toBe(200);
    expect(await status({ allowedIps: ["10.0.0.1"] })).toBe(403);
    expect(await status({ allowedIps: [] })).toBe(403);
    // What is no network lets nobody in, and takes nobody down.
    for (const entry of ["127.0.0.1/", "127.0.0.1/33", "127.0.0.1/x", "localhost", ""])
      expect(await status({ allowedIps: [entry] })).toBe(403);
    expect(await status({ allowedIps: ["10.0.0.1"] }, {}, "/health/liveliness")).toBe(200);
  });

  it("are those a reverse proxy saw, where the operator trusts it", async () => {
    const trusted = { allowedIps: ["10.0.0.1"], trustForwardedFor: true };
    expect(await status(trusted, { "x-forwarded-for": "10.0.0.1" })).toBe(200);
    expect(await status(trusted, { "x-forwarded-for": "1.1.1.1, 10.0.0.1" })).toBe(200);
    // What the client claims stands in front of what the proxy saw.
    expect(await status(trusted, { "x-forwarded-for": "10.0.0.1, 1.1.1.1" })).toBe(403);
    expect(await status(trusted, { "x-forwarded-for": "nonsense" })).toBe(403);
    expect(await status({ allowedIps: ["10.0.0.1"] }, { "x-forwarded-for": "10.0.0.1" })).toBe(403);
  });
});

describe("without a key", () => {
  it.each([
    ["localhost:4000", 200],
    ["127.0.0.1", 200],
    ["[::1]:4000", 200],
    ["llamaduct", 200],
    ["box.local", 200],
    ["evil.example", 403],
    ["127.0.0.1.evil.example:4000", 403],
  ])("T11: a request to %s is answered %i, since a web page could have made it", async (host, status) => {
    const { port } = await startProxy();
    expect((await rawExchange(port, head("GET /v1/models HTTP/1.1", { host }))).status).toBe(status);
  });

  it("any name will do with a key, or where the operator says so", async () => {
    const fields = { host: "llm.example", authorization: `Bearer ${masterKey}` };
    for (const server of [{ masterKey }, { weakKeyAllowed: true }]) {
      const { port } = await startProxy({ server });
      expect((await rawExchange(port, head("GET /v1/models HTTP/1.1", fields))).status).toBe(200);
    }
  });
});

it("K4: the client's key stays here", async () => {
  const { client, emulator } = await startProxy({ masterKey });
  await client.chat.completions.create({ model: "plain", messages: [{ role: "user", content: "hi" }] });
  expect((await emulator.nextRequest("/api/chat")).headers).not.toHaveProperty("authorization");
});

function keyOf(key: string, limits: Partial<KeyConfig> = {}): KeyConfig {
  return { name: key.slice(3), sha256: createHash("sha256").update(key).digest("hex"), ...limits };
}

/** From a tree of `├── /v1/models (GET, HEAD)`, in which a route stands below the one that it continues; `*` is any path. */
function routesOf(tree: string): { readonly method: string; readonly url: string }[] {
  const above: string[] = [];
  return [...tree.matchAll(/^(.*?)[├└]── (\S+)(?: \(([A-Z, -]+)\))?$/gm)].flatMap(
    ([, indent = "", part = "", methods]) => {
      const depth = indent.length / 4;
      const url = (above[depth - 1] ?? "") + part.replace(/^\*$/, depth === 0 ? "*" : "/any");
      above[depth] = url;
      return methods?.split(", ").map((method) => ({ method, url })) ?? [];
    },
  );
}
