import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { trace } from "@opentelemetry/api";
import { expect, it, onTestFinished, vi } from "vitest";
import { startTracing } from "./start-tracing.ts";

const never = (text: string) => expect.unreachable(text);

it.each([
  [{}],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "" }],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://a", OTEL_SDK_DISABLED: "TRUE" }],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://a", OTEL_TRACES_EXPORTER: "none" }],
])("is off with %j", async (environment) => {
  expect(await startTracing(environment, never)).toBeUndefined();
  expect(trace.getTracer("any").startSpan("none").isRecording()).toBe(false);
});

it("sends spans to the collector that the standard variables name, the last ones as it closes", async () => {
  const bodies: string[] = [];
  const collector = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    bodies.push(`${request.url} ${body}`);
    response.setHeader("content-type", "application/json").end("{}");
  }).listen(0, "127.0.0.1");
  await once(collector, "listening");
  onTestFinished(() => void collector.close());
  const environment = {
    // A server that listens on TCP has an address of this shape.
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
  };
  // The SDK looks there itself.
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const tracing = await startTracing(environment, never);
  trace.getTracer("any").startSpan("one").end();
  await tracing?.close();
  expect(bodies).toEqual([expect.stringMatching(/^\/v1\/traces .*"llamaduct".*"name":"one"/)]);
});
