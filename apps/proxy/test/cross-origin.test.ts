import { expect, it } from "vitest";
import type { ServerConfig } from "../src/config/proxy-config.ts";
import { startProxy } from "./start-proxy.ts";

const origin = "https://app.example";
const preflight = {
  method: "OPTIONS",
  headers: {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type",
  },
};

async function asked(server: ServerConfig) {
  const { url } = await startProxy({ server });
  const authorization = `Bearer ${server.masterKey ?? "none"}`;
  return {
    before: await fetch(`${url}/v1/chat/completions`, preflight),
    after: await fetch(`${url}/v1/models`, { headers: { origin, authorization } }),
    refused: await fetch(`${url}/v1/models`, { headers: { origin, authorization: "Bearer wrong" } }),
  };
}

it("with a key every origin may ask, its preflight without one, never with credentials of the browser's", async () => {
  const { before, after, refused } = await asked({ masterKey: "sk-a" });
  expect(before.status).toBe(204);
  expect(Object.fromEntries(before.headers)).toMatchObject({
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, HEAD, POST",
    "access-control-allow-headers": "authorization,content-type",
  });
  // A page has to see that it is its key that is wrong.
  for (const { headers } of [after, refused]) {
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("access-control-expose-headers")).toBe("*");
    expect(headers.has("access-control-allow-credentials")).toBe(false);
  }
  expect([after.status, refused.status]).toEqual([200, 401]);
});

it.each([
  [["https://app.example", "https://b.example"], "https://app.example"],
  [["https://b.example"], null],
  [[], null],
])("of the origins %j it is told %s", async (corsOrigins, allowed) => {
  const { before, after } = await asked({ masterKey: "sk-a", corsOrigins });
  expect(before.headers.get("access-control-allow-origin")).toBe(allowed);
  expect(after.headers.get("access-control-allow-origin")).toBe(allowed);
  expect(after.headers.get("vary")).toMatch(/origin/i);
});

it.each([[undefined], [["*"]], [[origin]]])(
  "T11: without a key no page may ask, whatever %j says",
  async (corsOrigins) => {
    const { before, after } = await asked({ corsOrigins });
    expect(before.status).toBe(405);
    expect(await before.json()).toMatchObject({ error: { code: "method_not_allowed" } });
    for (const { headers } of [before, after]) expect(headers.has("access-control-allow-origin")).toBe(false);
  },
);

it("nothing but a preflight is answered for OPTIONS", async () => {
  const { url } = await startProxy({ server: { masterKey: "sk-a" } });
  const answer = await fetch(`${url}/v1/chat/completions`, { method: "OPTIONS" });
  expect([answer.status, await answer.text()]).toEqual([204, ""]);
});
