import { Counter, Histogram, type Registry } from "prom-client";
import type { Names } from "./create-names.ts";
import { asksModel, type RequestRecord } from "./request-record.ts";
import { splitModel } from "./split-model.ts";

export interface RequestMetrics {
  record(request: RequestRecord): void;
}

export interface RequestNames {
  readonly groups: Names;
  readonly models: Names;
}

/** LiteLLM's, in seconds. */
const LATENCIES = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 420, 600];
const TOKEN_RATES = [1, 2, 5, 10, 20, 40, 80, 160, 320, 640];

const REQUEST = ["requested_model", "model_id", "api_provider", "api_key_alias", "route"] as const;
const ANSWER = ["requested_model", "model", "model_id", "api_provider"] as const;
const TOKENS = [...ANSWER, "api_key_alias"] as const;
const ATTEMPT = ["model_group", "litellm_model_name", "model_id", "api_base", "api_provider"] as const;
const EXCEPTION = ["exception_status", "exception_class"] as const;
const FALLBACK = ["requested_model", "fallback_model"] as const;

/** What requests leave behind: counters and histograms. LiteLLM's counters end in `_total` on the wire, so ours do. */
export function createRequestMetrics(registry: Registry, { groups, models }: RequestNames): RequestMetrics {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labels: readonly Label[]) =>
    new Counter({ name, help, labelNames: [...labels], registers });
  const histogram = <Label extends string>(name: string, help: string, labels: readonly Label[]) =>
    new Histogram({ name, help, labelNames: [...labels], buckets: LATENCIES, registers });

  const requests = counter("litellm_proxy_total_requests_metric_total", "Requests for a model's work.", [
    ...REQUEST,
    "status_code",
  ]);
  const failures = counter("litellm_proxy_failed_requests_metric_total", "Requests that got an error.", [
    ...REQUEST,
    ...EXCEPTION,
  ]);
  const wholeTime = histogram("litellm_request_total_latency_metric", "Request to end of answer, seconds.", ANSWER);
  const modelTime = histogram("litellm_llm_api_latency_metric", "The upstream's part of it, seconds.", ANSWER);
  const firstTime = histogram("litellm_llm_api_time_to_first_token_metric", "Of streams, seconds.", ANSWER);
  const tokensIn = counter("litellm_input_tokens_metric_total", "Tokens read.", TOKENS);
  const tokensOut = counter("litellm_output_tokens_metric_total", "Tokens written.", TOKENS);
  const tokensAll = counter("litellm_total_tokens_metric_total", "Tokens read and written.", TOKENS);
  const tokenRate = new Histogram({
    name: "llamaduct_output_tokens_per_second",
    help: "Tokens written a second, from the first one on.",
    labelNames: ["model", "api_provider", "api_base"],
    buckets: TOKEN_RATES,
    registers,
  });

  const shed = counter("llamaduct_shed_requests_total", "Requests turned away since the proxy was busy.", ["reason"]);
  const attempts = counter("litellm_deployment_total_requests_total", "Requests to a deployment.", ATTEMPT);
  const successes = counter("litellm_deployment_success_responses_total", "Those that it answered.", ATTEMPT);
  const errors = counter("litellm_deployment_failure_responses_total", "Those that it failed.", [
    ...ATTEMPT,
    ...EXCEPTION,
  ]);
  const tokenTime = histogram("litellm_deployment_latency_per_output_token", "Seconds.", ATTEMPT);
  const fallbacks = counter("litellm_deployment_successful_fallbacks_total", "Another group answered.", FALLBACK);
  const lostFallbacks = counter("litellm_deployment_failed_fallbacks_total", "No other group did.", FALLBACK);

  return {
    record(request) {
      if (!asksModel(request)) return;
      countRequest(request);
      countAttempts(request);
      countFallback(request);
      if (request.outcome === "finished") measureAnswer(request);
    },
  };

  function countRequest(request: RequestRecord): void {
    const { requested_model, model_id, api_provider } = answerLabels(request);
    const { keyName: api_key_alias = "", route } = request;
    const labels = { requested_model, model_id, api_provider, api_key_alias, route };
    requests.inc({ ...labels, status_code: String(request.status) });
    if (request.shed !== undefined) shed.inc({ reason: request.shed });
    if (request.outcome === "failed") failures.inc({ ...labels, ...exceptionLabels(request) });
  }

  function countAttempts(request: RequestRecord): void {
    for (const failed of request.failedAttempts ?? []) {
      const labels = attemptLabels(failed);
      attempts.inc(labels);
      errors.inc({ ...labels, exception_status: "", exception_class: "" });
    }
    const { outcome, deploymentId = "", model = "", apiBase, outputTokens = 0 } = request;
    if (deploymentId === "") return;
    if (outcome === "finished") models.admit(model);
    const labels = attemptLabels({ group: request.lastGroup ?? request.group, deploymentId, model, apiBase });
    attempts.inc(labels);
    if (outcome === "failed") errors.inc({ ...labels, ...exceptionLabels(request) });
    if (outcome !== "finished") return;
    successes.inc(labels);
    if (outputTokens > 0) tokenTime.observe(labels, toSeconds(request.upstreamMs ?? request.totalMs) / outputTokens);
  }

  function countFallback({ group, lastGroup, outcome, fallbacks: count = 0 }: RequestRecord): void {
    if (count === 0 || outcome === "client_gone") return;
    const labels = { requested_model: groups.find(group), fallback_model: groups.find(lastGroup) };
    (outcome === "finished" ? fallbacks : lostFallbacks).inc(labels);
  }

  function measureAnswer(request: RequestRecord): void {
    const { stream, totalMs, firstPartMs, inputTokens = 0, outputTokens = 0, apiBase: api_base = "" } = request;
    const labels = answerLabels(request);
    wholeTime.observe(labels, toSeconds(totalMs));
    modelTime.observe(labels, toSeconds(request.upstreamMs ?? request.totalMs));
    if (stream && firstPartMs !== undefined) firstTime.observe(labels, toSeconds(firstPartMs));

    const spent = { ...labels, api_key_alias: request.keyName ?? "" };
    tokensIn.inc(spent, inputTokens);
    tokensOut.inc(spent, outputTokens);
    tokensAll.inc(spent, inputTokens + outputTokens);

    const writing = toSeconds(totalMs - (firstPartMs ?? 0));
    const { model, api_provider } = labels;
    // The first token came with the end of the prompt: its time is not one of writing.
    if (outputTokens > 1 && writing > 0)
      tokenRate.observe({ model, api_provider, api_base }, (outputTokens - 1) / writing);
  }

  function answerLabels({ outcome, group, model, deploymentId: model_id = "" }: RequestRecord) {
    const known = outcome === "finished" ? "admit" : "find";
    const [api_provider, name] = splitModel(models[known](model));
    return { requested_model: groups[known](group), model: name, model_id, api_provider };
  }

  interface AttemptNames {
    readonly group: string | undefined;
    readonly deploymentId: string;
    readonly model: string;
    readonly apiBase: string | undefined;
  }

  function attemptLabels({ group, deploymentId: model_id, model, apiBase: api_base = "" }: AttemptNames) {
    const [api_provider, litellm_model_name] = splitModel(models.find(model));
    return { model_group: groups.find(group), litellm_model_name, model_id, api_base, api_provider };
  }
}

function exceptionLabels({ status, errorCode = "" }: RequestRecord) {
  return { exception_status: String(status), exception_class: errorCode };
}

function toSeconds(ms: number): number {
  return ms / 1000;
}
