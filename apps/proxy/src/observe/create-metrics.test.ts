import { setImmediate } from "node:timers/promises";
import type { DeploymentState } from "llamaduct";
import { describe, expect, it } from "vitest";
import { createMetrics } from "./create-metrics.ts";
import type { RequestRecord } from "./request-record.ts";

const HOST = "http://gpu-a:11434";

const small: DeploymentState = {
  ...{ id: "d1", group: "small", model: "ollama_chat/llama3.2", apiBase: HOST },
  ...{ healthy: true, inFlight: 2, queued: 1, loaded: [{ id: "llama3.2:latest" }] },
};
const down: DeploymentState = {
  ...small,
  id: "d2",
  apiBase: "http://gpu-b:11434",
  healthy: false,
  inFlight: 0,
  queued: 0,
  loaded: undefined,
};

const answered: RequestRecord = {
  ...{ id: "r", method: "POST", route: "/v1/chat/completions", status: 200, outcome: "finished", stream: true },
  ...{ startedAt: 0, totalMs: 2_000, firstPartMs: 1_000, upstreamMs: 1_900, inputTokens: 30, outputTokens: 11 },
  ...{ group: "small", deploymentId: "d1", model: "ollama_chat/llama3.2", apiBase: HOST, keyName: "team-a" },
};
const failed: RequestRecord = {
  ...{ ...answered, outcome: "failed", status: 502, errorCode: "upstream_busy" },
  ...{ inputTokens: undefined, outputTokens: undefined, firstPartMs: undefined },
};

async function lines(records: readonly RequestRecord[], states: readonly DeploymentState[] = [small, down]) {
  const metrics = createMetrics({ states: () => states });
  for (const record of records) metrics.record(record);
  return (await metrics.render()).body.split("\n");
}

/** The one value of a metric; labels as far as they are named. */
function value(all: readonly string[], name: string, labels: Readonly<Record<string, string>> = {}): number {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const found = all.filter(
    (line) =>
      (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && wanted.every((each) => line.includes(each)),
  );
  expect(found, name).toHaveLength(1);
  return Number(found[0]?.split(" ").at(-1));
}

describe("createMetrics", () => {
  it("tells of a deployment that a reload has removed once more, and then forgets it", async () => {
    let states = [small, down];
    const metrics = createMetrics({ states: () => states });
    metrics.record(answered);
    metrics.record({ ...answered, deploymentId: "d2" });
    states = [small];
    const of = async (id: string) => (await metrics.render()).body.split("\n").filter((line) => line.includes(id));
    expect(await of('"d2"')).not.toEqual([]);
    expect(await of('"d2"')).toEqual([]);
    expect(await of('"d1"')).not.toEqual([]);
  });

  it("forgets, too, while nobody asks", async () => {
    let states: readonly DeploymentState[] = [];
    const metrics = createMetrics({ states: () => states });
    for (let reload = 0; reload < 300; reload++) {
      states = [{ ...small, id: `d${reload}` }];
      metrics.record({ ...answered, deploymentId: `d${reload}` });
      await setImmediate();
    }
    const { body } = await metrics.render();
    expect(new Set(body.match(/model_id="d\d+"/g)).size).toBeLessThanOrEqual(102);
  });

  it("counts an answer under LiteLLM's names and labels", async () => {
    const all = await lines([answered]);
    const who = { requested_model: "small", model: "llama3.2", model_id: "d1", api_provider: "ollama_chat" };
    const request = {
      requested_model: "small",
      api_key_alias: "team-a",
      status_code: "200",
      route: "/v1/chat/completions",
    };
    expect(value(all, "litellm_proxy_total_requests_metric_total", request)).toBe(1);
    expect(value(all, "litellm_request_total_latency_metric_sum", who)).toBe(2);
    expect(value(all, "litellm_llm_api_latency_metric_sum", who)).toBe(1.9);
    expect(value(all, "litellm_llm_api_time_to_first_token_metric_sum", who)).toBe(1);
    expect(value(all, "litellm_input_tokens_metric_total", { ...who, api_key_alias: "team-a" })).toBe(30);
    expect(value(all, "litellm_output_tokens_metric_total", who)).toBe(11);
    expect(value(all, "litellm_total_tokens_metric_total", who)).toBe(41);
    expect(value(all, "llamaduct_output_tokens_per_second_sum", { model: "llama3.2", api_base: HOST })).toBe(10);
    const deployment = { model_group: "small", litellm_model_name: "llama3.2", api_base: HOST, model_id: "d1" };
    expect(value(all, "litellm_deployment_total_requests_total", deployment)).toBe(1);
    expect(value(all, "litellm_deployment_success_responses_total", deployment)).toBe(1);
    expect(value(all, "litellm_deployment_latency_per_output_token_sum", deployment)).toBeCloseTo(1.9 / 11);
    expect(all.filter((line) => line.startsWith("litellm_proxy_failed"))).toEqual([]);
  });

  it("counts an error by status and code, for the proxy and for the deployment", async () => {
    const all = await lines([failed]);
    const exception = { exception_status: "502", exception_class: "upstream_busy" };
    expect(value(all, "litellm_proxy_failed_requests_metric_total", exception)).toBe(1);
    expect(value(all, "litellm_deployment_failure_responses_total", { ...exception, model_id: "d1" })).toBe(1);
    expect(all.filter((line) => /^litellm_(deployment_success|request_total_latency_metric_sum)/.test(line))).toEqual(
      [],
    );
  });

  it("counts a client that left as a request, not as an error", async () => {
    const all = await lines([{ ...failed, outcome: "client_gone", status: 499, errorCode: undefined }]);
    expect(value(all, "litellm_proxy_total_requests_metric_total", { status_code: "499" })).toBe(1);
    expect(all.filter((line) => /^litellm_(proxy_failed|deployment_failure)/.test(line))).toEqual([]);
  });

  it("tells the deployment that failed apart from the one that answered in its place", async () => {
    const earlier = { ...down, requestedGroup: "large", deploymentId: "d2", attempts: 1, fallbacks: 0 };
    const all = await lines([
      { ...answered, group: "large", lastGroup: "small", fallbacks: 1, failedAttempts: [earlier] },
    ]);
    expect(value(all, "litellm_deployment_failure_responses_total", { model_id: "d2" })).toBe(1);
    expect(value(all, "litellm_deployment_success_responses_total", { model_id: "d1", model_group: "small" })).toBe(1);
    const fallback = { requested_model: "large", fallback_model: "small" };
    expect(value(all, "litellm_deployment_successful_fallbacks_total", fallback)).toBe(1);
  });

  it("has no first token of a whole answer, and no rate of one token", async () => {
    const all = await lines([{ ...answered, stream: false, outputTokens: 1 }]);
    expect(
      all.filter((line) => /^(litellm_llm_api_time_to_first\S*_sum|llamaduct_output_tokens\S*_sum)/.test(line)),
    ).toEqual([]);
  });

  it("tells how deployments and hosts are now, and forgets what is gone", async () => {
    const states = [[small, down], [small]];
    const metrics = createMetrics({ states: () => states[0] ?? [] });
    const read = async () => (await metrics.render()).body.split("\n");
    const all = await read();
    expect(value(all, "litellm_deployment_state", { model_id: "d1", api_base: HOST })).toBe(0);
    expect(value(all, "litellm_deployment_state", { model_id: "d2" })).toBe(2);
    expect(value(all, "litellm_in_flight_requests")).toBe(3);
    expect(value(all, "llamaduct_deployment_in_flight", { model_id: "d1" })).toBe(2);
    expect(value(all, "llamaduct_deployment_queued", { model_id: "d1" })).toBe(1);
    expect(value(all, "llamaduct_host_up", { api_base: HOST })).toBe(1);
    expect(value(all, "llamaduct_host_up", { api_base: "http://gpu-b:11434" })).toBe(0);
    expect(value(all, "llamaduct_host_loaded_models", { api_base: HOST })).toBe(1);
    expect(value(all, "llamaduct_loaded_model", { api_base: HOST, model: "llama3.2:latest" })).toBe(1);
    states.shift();
    expect((await read()).filter((line) => line.includes("gpu-b"))).toEqual([]);
  });

  it("says a host is up when one of its deployments is, in either order", async () => {
    const broken = { ...small, id: "d3", healthy: false };
    for (const states of [
      [small, broken],
      [broken, small],
    ])
      expect(value(await lines([], states), "llamaduct_host_up", { api_base: HOST })).toBe(1);
  });

  it("lets no client make series: an unknown name that failed is `other`, and names are counted", async () => {
    const wild = (index: number): Partial<RequestRecord> => ({ group: `g${index}`, model: `ollama_chat/m${index}` });
    const unknown = await lines([{ ...failed, ...wild(1) }]);
    expect(value(unknown, "litellm_proxy_failed_requests_metric_total", { requested_model: "other" })).toBe(1);
    expect(unknown.filter((line) => line.includes("m1"))).toEqual([]);
    const many = await lines(Array.from({ length: 1_500 }, (_, index) => ({ ...answered, ...wild(index) })));
    expect(many.filter((line) => line.startsWith("litellm_output_tokens_metric_total{"))).toHaveLength(1_001);
  });

  it("lets no host make series", async () => {
    const loaded = Array.from({ length: 500 }, (_, index) => ({ id: `m${index}` }));
    const all = await lines([], [{ ...small, loaded }]);
    expect(all.filter((line) => line.startsWith("llamaduct_loaded_model{"))).toHaveLength(50);
    expect(value(all, "llamaduct_host_loaded_models")).toBe(500);
  });

  it("leaves out what is no work of a model, and says its format", async () => {
    const metrics = createMetrics({ states: () => [] });
    metrics.record({ ...answered, method: "GET", route: "/v1/models" });
    const { body, contentType } = await metrics.render();
    expect(body).not.toContain("/v1/models");
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
  });
});
