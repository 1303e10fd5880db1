import { readFileSync } from "node:fs";
import type { DeploymentState } from "llamaduct";
import { describe, expect, it } from "vitest";
import { createMetrics } from "./create-metrics.ts";
import type { RequestRecord } from "./request-record.ts";

const file = new URL("../../../../docs/deploy/grafana-dashboard.json", import.meta.url);
interface Dashboard {
  readonly panels: readonly { readonly type: string; readonly fieldConfig?: { readonly defaults: object } }[];
}

const dashboard: Dashboard = JSON.parse(readFileSync(file, "utf8"));
const queries = expressions(dashboard);

describe("docs/deploy/grafana-dashboard.json", async () => {
  const labels = await labelsOfMetrics();

  it("asks for enough to see something", () => {
    expect(queries.length).toBeGreaterThan(20);
  });

  it.each(queries)("asks for metrics and labels that exist: %s", (query) => {
    const names = query.match(/\b(litellm|llamaduct)_(?!model_name)\w+/g) ?? [];
    expect(names.filter((name) => !labels.has(name))).toEqual([]);
    expect(names).not.toEqual([]);
    const known = names.flatMap((name) => [...(labels.get(name) ?? [])]);
    expect(known).toEqual(expect.arrayContaining([...labelsIn(query)]));
  });

  it("tells of a host once, however many proxies tell of it", () => {
    const ofHosts = queries.filter((query) => /llamaduct_(host|loaded)_/.test(query));
    expect(ofHosts.length).toBeGreaterThan(3);
    for (const query of ofHosts) expect(query).toMatch(/ by \(.*api_base\) \(llamaduct_/);
  });

  it("sets the thresholds of every figure itself, from green on", () => {
    const stats = dashboard.panels.filter((panel) => panel.type === "stat");
    expect(stats).not.toEqual([]);
    for (const { fieldConfig } of stats)
      expect(fieldConfig?.defaults).toHaveProperty("thresholds.steps.0.color", "green");
  });
});

describe("docs/deploy/metrics.md", async () => {
  const text = readFileSync(new URL("../../../../docs/deploy/metrics.md", import.meta.url), "utf8");
  const listed = [...text.matchAll(/`((?:litellm|llamaduct)_(?!model_name)\w+)`/g)].map(([, name = ""]) => name);
  const told = [...(await labelsOfMetrics()).keys()].map((name) => name.replace(/_(bucket|sum|count)$/, ""));

  it("lists every metric, and no other", () => {
    expect(new Set(listed)).toEqual(new Set(told));
  });
});

function labelsIn(query: string): readonly string[] {
  const grouped = [...query.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, by = ""]) => by.split(/, */));
  return [...grouped, ...[...query.matchAll(/(\w+)=~?"/g)].map(([, label = ""]) => label)];
}

/** Every series that a proxy tells once everything has happened. */
async function labelsOfMetrics(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const state: DeploymentState = {
    ...{ id: "d", group: "g", model: "p/m", apiBase: "http://h", healthy: true, inFlight: 0, queued: 0 },
    loaded: [{ id: "m" }],
  };
  const finished: RequestRecord = {
    ...{ id: "r", method: "POST", route: "/v1/x", status: 200, outcome: "finished", startedAt: 0, totalMs: 9 },
    ...{ stream: true, firstPartMs: 1, outputTokens: 3, deploymentId: "d", model: "p/m", group: "g", fallbacks: 1 },
  };
  const metrics = createMetrics({ states: () => [state], isRedisUp: () => true });
  metrics.record(finished);
  metrics.record({ ...finished, outcome: "failed", status: 500, errorCode: "upstream_error" });
  metrics.record({ ...finished, outcome: "failed", status: 503, errorCode: "server_is_overloaded", shed: "memory" });
  const { body } = await metrics.render();
  const series = body.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const labels = new Map<string, Set<string>>();
  for (const line of series) {
    const [name = ""] = line.split(/[{ ]/, 1);
    const found = [...line.matchAll(/(\w+)="/g)].map(([, label = ""]) => label);
    labels.set(name, new Set([...(labels.get(name) ?? []), ...found]));
  }
  return labels;
}

/** The queries of panels and variables. */
function expressions(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    (key === "expr" || key === "definition") && typeof each === "string" ? [each] : expressions(each),
  );
}
