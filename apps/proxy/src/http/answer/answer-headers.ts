import packageJson from "../../../package.json" with { type: "json" };
import type { RequestNotes } from "../../observe/request-notes.ts";
import { headerText } from "./header-text.ts";

/** LiteLLM's headers about who answered and how long it took, on answers and errors alike; what is not known is left out. */
export function answerHeaders(notes: RequestNotes): Readonly<Record<string, string>> {
  const { attempts, upstreamFromMs, upstreamToMs } = notes;
  const attempt = attempts.at(-1);
  const durationMs = notes.elapsedMs();
  const upstreamMs = upstreamFromMs === undefined ? undefined : (upstreamToMs ?? durationMs) - upstreamFromMs;
  const headers: Record<string, string> = {
    "x-litellm-version": packageJson.version,
    "x-litellm-response-duration-ms": rounded(durationMs),
  };
  if (upstreamMs) headers["x-litellm-overhead-duration-ms"] = rounded(durationMs - upstreamMs);
  if (attempt === undefined) return headers;
  if (attempt.deploymentId) headers["x-litellm-model-id"] = headerText(attempt.deploymentId);
  headers["x-litellm-model-group"] = headerText(attempt.group);
  if (attempt.apiBase) headers["x-litellm-model-api-base"] = headerText(attempt.apiBase);
  headers["x-litellm-attempted-retries"] = String(Math.max(0, attempt.attempts - 1 - attempt.fallbacks));
  headers["x-litellm-attempted-fallbacks"] = String(attempt.fallbacks);
  return headers;
}

function rounded(milliseconds: number): string {
  return String(Math.round(milliseconds * 1000) / 1000);
}
