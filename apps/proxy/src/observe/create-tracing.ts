import { type CallEnd, type CallObserver, ProviderError } from "@llamaduct/core";
import type * as OpenTelemetry from "@opentelemetry/api";
import type { FastifyRequest } from "fastify";
import type { Attempt } from "llamaduct";
import packageJson from "../../package.json" with { type: "json" };
import type { RequestRecord } from "./request-record.ts";
import { splitModel } from "./split-model.ts";

/** Spans of one request: its own, and one for each attempt below it. Prompts, answers and keys are in none. */
export interface RequestTrace {
  /** A deployment is about to be asked; gives the headers that tell its host which span asks. */
  readonly attempt: (attempt: Attempt) => Readonly<Record<string, string>>;
  /** Of the upstream calls of the latest attempt. */
  readonly observer: CallObserver;
  /** The request is over. */
  end(record: RequestRecord): void;
}

export type StartTrace = (request: FastifyRequest) => RequestTrace;

/**
 * Spans by OpenTelemetry's conventions for HTTP servers and for generative AI, below the one that a request's
 * `traceparent` names. See open-telemetry/semantic-conventions-genai, docs/gen-ai/gen-ai-spans.md.
 */
export function createTracing(api: typeof OpenTelemetry): StartTrace {
  const { propagation, trace, ROOT_CONTEXT, SpanKind, SpanStatusCode } = api;
  const tracer = trace.getTracer(packageJson.name, packageJson.version);
  const fail = (span: OpenTelemetry.Span, type: string) => {
    span.setAttribute("error.type", type);
    span.setStatus({ code: SpanStatusCode.ERROR });
  };

  function startAttempt({ model, apiBase, deploymentId }: Attempt, route: string, parent: OpenTelemetry.Context) {
    const [provider, modelId] = splitModel(model);
    const operation = operationOf(route);
    const attributes = {
      "gen_ai.operation.name": operation,
      "gen_ai.provider.name": provider,
      "gen_ai.request.model": modelId,
      "llamaduct.deployment.id": deploymentId,
      ...serverOf(apiBase),
    };
    const span = tracer.startSpan(`${operation} ${modelId}`, { kind: SpanKind.CLIENT, attributes }, parent);
    return { span, ends: [] as CallEnd[], open: 0 };
  }

  return ({ method, headers, routeOptions, notes }) => {
    const route = routeOptions.url ?? "unknown";
    const parent = propagation.extract(ROOT_CONTEXT, headers);
    const attributes = { "http.request.method": method, "http.route": route };
    const options = { kind: SpanKind.SERVER, startTime: notes.startedAt, attributes };
    const span = tracer.startSpan(`${method} ${route}`, options, parent);
    const context = trace.setSpan(parent, span);
    let attempt: ReturnType<typeof startAttempt> | undefined;

    function endAttempt(): void {
      if (attempt === undefined) return;
      const { span, ends } = attempt;
      attempt = undefined;
      span.setAttributes(answerAttributes(ends));
      const failed = ends.find(({ outcome }) => outcome === "failed" || outcome === "aborted");
      if (failed !== undefined) fail(span, errorType(failed));
      span.end();
    }

    return {
      attempt(told) {
        endAttempt();
        attempt = startAttempt(told, route, context);
        const carrier: Record<string, string> = {};
        propagation.inject(trace.setSpan(context, attempt.span), carrier);
        return carrier;
      },
      observer: {
        onStart() {
          if (attempt !== undefined) attempt.open++;
        },
        // Several choices are several calls, begun together.
        onEnd(end) {
          attempt?.ends.push(end);
          if (attempt?.ends.length === attempt?.open) endAttempt();
        },
      },
      end(record) {
        const { outcome, errorCode, status } = record;
        // A client that leaves ends the request before the call hears of it.
        if (attempt !== undefined && outcome === "client_gone") fail(attempt.span, outcome);
        endAttempt();
        span.setAttributes(requestAttributes(record));
        if (outcome === "failed" && (status >= 500 || status < 400)) fail(span, errorCode ?? String(status));
        else if (outcome !== "finished") span.setAttribute("error.type", errorCode ?? outcome);
        span.end();
      },
    };
  };
}

function requestAttributes({
  status,
  group,
  model,
  inputTokens,
  outputTokens,
}: RequestRecord): OpenTelemetry.Attributes {
  return {
    "http.response.status_code": status,
    "gen_ai.request.model": group,
    "gen_ai.response.model": model,
    "gen_ai.usage.input_tokens": inputTokens,
    "gen_ai.usage.output_tokens": outputTokens,
  };
}

function answerAttributes(ends: readonly CallEnd[]): OpenTelemetry.Attributes {
  const finishes = ends.flatMap(({ finish }) => finish ?? []);
  const sum = (counts: readonly (number | undefined)[]) =>
    counts.reduce((total, count) => (count === undefined ? total : (total ?? 0) + count), undefined);
  const firstPartMs = ends.flatMap((end) => end.firstPartMs ?? []);
  return {
    ...(finishes.length > 0 && {
      "gen_ai.response.finish_reasons": finishes.map(({ reason }) => reason.replace("-", "_")),
    }),
    "gen_ai.usage.input_tokens": sum(finishes.map(({ usage }) => usage.inputTokens)),
    "gen_ai.usage.output_tokens": sum(finishes.map(({ usage }) => usage.outputTokens)),
    "gen_ai.usage.reasoning.output_tokens": sum(finishes.map(({ usage }) => usage.reasoningTokens)),
    ...(firstPartMs.length > 0 && { "gen_ai.response.time_to_first_chunk": Math.min(...firstPartMs) / 1000 }),
  };
}

function errorType({ outcome, error }: CallEnd): string {
  if (error instanceof ProviderError) return error.code;
  return outcome === "aborted" ? "client_gone" : "_OTHER";
}

function operationOf(route: string): string {
  if (route.endsWith("/chat/completions")) return "chat";
  return route.endsWith("/embeddings") ? "embeddings" : "text_completion";
}

function serverOf(apiBase: string | undefined): OpenTelemetry.Attributes {
  const url = apiBase === undefined ? null : URL.parse(apiBase);
  if (url === null) return {};
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return { "server.address": url.hostname, "server.port": port };
}
