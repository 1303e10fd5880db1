import type { CallOptions, HostStatus, LoadedModel } from "@llamaduct/core";
import { modelKey } from "./model-key.ts";
import type { RunningModel } from "./model-wire.ts";
import type { OllamaHost } from "./ollama-host.ts";
import { toListedModel } from "./to-model-info.ts";

/** `/api/ps` waits for a model that is being loaded (since 0.32.4); `/api/tags` never does. */
const PS_LIMIT_MS = 1000;

/** What a server has and what it holds in memory. Fails as `/api/tags` does; without `/api/ps`, `loaded` is unknown. */
export async function hostStatus(host: OllamaHost, call: CallOptions = {}): Promise<HostStatus> {
  const [tagged, loaded] = await Promise.all([host.tags(call), runningNow(host, call)]);
  host.capabilities.notice(tagged);
  return { models: tagged.map(toListedModel), loaded, toKey: modelKey };
}

async function runningNow(
  host: OllamaHost,
  { signal, ...call }: CallOptions,
): Promise<readonly LoadedModel[] | undefined> {
  const limit = AbortSignal.timeout(PS_LIMIT_MS);
  try {
    const running = await host.ps({ ...call, signal: signal === undefined ? limit : AbortSignal.any([signal, limit]) });
    return running.map(toLoadedModel);
  } catch {
    // The listing tells whether the host is well; an abort ends it too.
    return undefined;
  }
}

function toLoadedModel({ name, context_length, expires_at }: RunningModel): LoadedModel {
  const until = Date.parse(expires_at ?? "");
  return { id: name, contextLength: context_length, until: Number.isNaN(until) ? undefined : until };
}
