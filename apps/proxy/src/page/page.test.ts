import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createLlamaduct, type DeploymentState } from "llamaduct";
import { pino } from "pino";
import { describe, expect, it, onTestFinished } from "vitest";
import { createApp } from "../http/create-app.ts";
import { createMetrics } from "../observe/create-metrics.ts";
import { createRecent } from "../observe/create-recent.ts";
import { serveMetrics } from "../observe/serve-metrics.ts";
import { page } from "./page.ts";
import { builtPage } from "./page-files.ts";

const master = { authorization: "Bearer sk-master" };

function state(group: string): DeploymentState {
  return { id: `${group}-1`, group, model: `p/${group}`, apiBase: "http://h", healthy: true, inFlight: 0, queued: 0 };
}

async function start(folder?: string) {
  const engine = { ...createLlamaduct(), states: () => [state("small"), state("large")] };
  const key = { name: "team", sha256: createHash("sha256").update("sk-team").digest("hex"), models: ["small"] };
  const server = { masterKey: "sk-master", keys: [key] };
  const log: { readonly msg: string; readonly route?: string }[] = [];
  const logger = pino({ level: "info" }, { write: (text) => void log.push(JSON.parse(text)) });
  const app = createApp({ served: () => ({ engine, server }), logger });
  const recent = createRecent();
  page(app, { recent, version: "1.2.3", startedAt: 1, folder: folder ?? (await built()) });
  serveMetrics(app, createMetrics({ states: engine.states }));
  onTestFinished(() => app.close());
  return { app, recent, log };
}

/** What Vite leaves, in small. */
async function built(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "llamaduct-page-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "assets"));
  await writeFile(join(folder, "index.html"), "<!doctype html>");
  await writeFile(join(folder, "assets", "index-abc.js"), "run();");
  return folder;
}

describe("page", () => {
  it("serves its files to everybody, and lets nothing from elsewhere in", async () => {
    const { app } = await start();
    const { body, headers, statusCode } = await app.inject("/");
    expect([statusCode, body]).toEqual([200, "<!doctype html>"]);
    expect(headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-cache",
      "content-security-policy": expect.stringMatching(/^default-src 'none'; script-src 'self'; /),
      "x-content-type-options": "nosniff",
    });
    expect(headers["content-security-policy"]).not.toContain("unsafe");
    const script = await app.inject("/assets/index-abc.js");
    expect(script.body).toBe("run();");
    expect(script.headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=31536000, immutable",
    });
    expect((await app.inject({ url: "/assets/../../package.json", headers: master })).statusCode).toBe(404);
  });

  it("looks for its files in this package's build", () => {
    expect(builtPage()).toBe(fileURLToPath(new URL("../../dist/page", import.meta.url)));
  });

  it("is compressed for who takes that", async () => {
    const { app } = await start();
    const { headers, rawPayload } = await app.inject({ url: "/", headers: { "accept-encoding": "br, gzip" } });
    expect(headers).toMatchObject({ "content-encoding": "gzip", vary: "accept-encoding" });
    expect([...rawPayload.subarray(0, 2)]).toEqual([0x1f, 0x8b]);
  });

  it("is not there where it was not built, and its facts are", async () => {
    const { app } = await start(join(tmpdir(), "llamaduct-no-such-folder"));
    expect((await app.inject({ url: "/", headers: master })).statusCode).toBe(404);
    expect((await app.inject({ url: "/status.json", headers: master })).statusCode).toBe(200);
  });

  it("does not start with a file of a kind that it is not to have", async () => {
    const folder = await built();
    await writeFile(join(folder, "notes.txt"), "");
    await expect(start(folder)).rejects.toThrow("notes.txt");
  });

  it("tells its facts with a key only, and a key for some models of those only", async () => {
    const { app, recent } = await start();
    expect((await app.inject("/status.json")).statusCode).toBe(401);
    const failed = { id: "r", method: "POST", route: "/v1/x", status: 502, outcome: "failed" } as const;
    for (const group of ["small", "large", undefined])
      recent.record({ ...failed, startedAt: Date.now(), totalMs: 0, stream: false, group });
    const all = await app.inject({ url: "/status.json", headers: master });
    expect(all.headers["cache-control"]).toBe("no-store");
    expect(all.json()).toMatchObject({ version: "1.2.3", startedAt: 1, deployments: [state("small"), state("large")] });
    expect(all.json().errors).toHaveLength(3);
    const some = (await app.inject({ url: "/status.json", headers: { authorization: "Bearer sk-team" } })).json();
    expect(some.deployments).toEqual([state("small")]);
    expect(some.errors).toMatchObject([{ group: "small" }]);
  });
});

it("what is asked every few seconds is in the log when it fails only", async () => {
  const { app, log } = await start();
  const address = await app.listen();
  for (const headers of [master, {}])
    for (const url of ["/", "/status.json", "/metrics", "/v1/models"])
      await (await fetch(`${address}${url}`, { headers })).text();
  const routes = () => log.filter(({ msg }) => msg === "request").map(({ route }) => route);
  await expect.poll(routes).toEqual(["/v1/models", "/status.json", "/metrics", "/v1/models"]);
});

describe("serveMetrics", () => {
  it("wants a key, and speaks Prometheus' format", async () => {
    const { app } = await start();
    expect((await app.inject("/metrics")).statusCode).toBe(401);
    for (const url of ["/metrics", "/metrics/"]) {
      const { headers, body } = await app.inject({ url, headers: master });
      expect(headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
      expect(body).toContain('litellm_deployment_state{litellm_model_name="small"');
    }
  });
});
