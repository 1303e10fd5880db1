import packageJson from "../../../package.json" with { type: "json" };
import type { RequestNotes } from "../../observe/request-notes.ts";
import { headerText } from "./header-text.ts";

/** LiteLLM's headers about who answered and how long it took, on answers and errors alike; what is not known is left out. */
export function answerHeaders(notes: RequestNotes): Readonly<Record<string, string>> {
  const { attempts, upstreamFromMs, upstreamToMs } = notes;
  const attempt = attempts.at(-1);
  const durationMs = notes.elapsedMs();
  const upstreamMs = upstreamFromMs === undefined ? undefined : (upstreamToMs ?? durationMs) - upstreamFromMs;
  const fields = {
    "x-litellm-version": packageJson.version,
    "x-litellm-model-id": attempt?.deploymentId,
    "x-litellm-model-group": attempt?.group,
    "x-litellm-model-api-base": attempt?.apiBase,
    "x-litellm-attempted-retries": attempt && Math.max(0, attempt.attempts - 1 - attempt.fallbacks),
    "x-litellm-attempted-fallbacks": attempt?.fallbacks,
    "x-litellm-response-duration-ms": rounded(durationMs),
    "x-litellm-overhead-duration-ms": upstreamMs && rounded(durationMs - upstreamMs),
  };
  const known = Object.entries(fields).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(known.map(([name, value]) => [name, headerText(String(value))]));
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
