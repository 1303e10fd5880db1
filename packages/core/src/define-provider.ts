import { guard, lazily, passing } from "./guard.ts";
import { ownError, type Place } from "./own-error.ts";
import { hidden, ProviderError } from "./provider-error.ts";
import type {
  CallOptions,
  EmbeddingModel,
  Provider,
  SettingName,
  Settings,
  SpecVersion,
  Stream,
  StreamModel,
  StreamPart,
  Warning,
} from "./spec.ts";

export const SPEC_VERSION: SpecVersion = 1;

/** Where a provider that is held to the contract keeps the one it was made of: the conformance kit looks at that. */
const ORIGINAL = Symbol.for("@llamaduct/core.original");

/**
 * Holds a provider to the contract: every stream is guarded, settings it cannot send become warnings (or `unsupported`
 * under `strictSettings`) before any I/O, errors learn where they happened. The registry does this to every provider;
 * a `create…` function does it for people who compose by hand. Doing it twice changes nothing.
 */
export function defineProvider(provider: Provider): Provider {
  if (ORIGINAL in provider) return provider;
  const { chatModel, textModel, embeddingModel, listModels, describe, status, id, settings } = provider;
  const result: Provider = {
    specVersion: provider.specVersion,
    id,
    settings,
    ...(chatModel && { chatModel: (modelId, facts) => checked(chatModel.call(provider, modelId, facts), settings) }),
    ...(textModel && { textModel: (modelId, facts) => checked(textModel.call(provider, modelId, facts), settings) }),
    ...(embeddingModel && {
      embeddingModel: (modelId, facts) => located(embeddingModel.call(provider, modelId, facts)),
    }),
    ...(listModels && {
      listModels: (options) => own(() => listModels.call(provider, options), { provider: id }, options),
    }),
    ...(describe && {
      describe: (modelId, options) =>
        own(() => describe.call(provider, modelId, options), { provider: id, modelId }, options),
    }),
    ...(status && { status: (options) => own(() => status.call(provider, options), { provider: id }, options) }),
  };
  hidden(result, ORIGINAL, provider);
  return result;
}

interface WithSettings {
  readonly settings?: Settings | undefined;
  readonly strictSettings?: boolean | undefined;
}

function checked<Request extends WithSettings>(
  model: StreamModel<Request>,
  known: readonly SettingName[],
): StreamModel<Request> {
  const { provider, modelId } = model;
  return {
    provider,
    modelId,
    capabilities: () => model.capabilities(),
    stream(request, options) {
      const warnings = unknownSettings(request, known, provider);
      const refused = request.strictSettings === true ? warnings[0] : undefined;
      // Both fail at the first read, inside the guard.
      const source = lazily(() => {
        if (refused !== undefined) throw new ProviderError({ code: "unsupported", ...refused });
        return model.stream(request, options);
      });
      const stream = guard(source, { provider, modelId, signal: options?.signal });
      return warnings.length === 0 ? stream : withWarnings(stream, warnings, options?.signal);
    },
  };
}

function located(model: EmbeddingModel): EmbeddingModel {
  const { provider, modelId } = model;
  return { provider, modelId, embed: (request, options) => own(() => model.embed(request, options), model, options) };
}

async function own<Result>(call: () => Promise<Result>, at: Place, options: CallOptions | undefined): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw ownError(error, at, options?.signal);
  }
}

function unknownSettings(request: WithSettings, known: readonly SettingName[], provider: string): readonly Warning[] {
  return Object.entries(request.settings ?? {})
    .filter(([name, value]) => value !== undefined && !known.some((setting) => setting === name))
    .map(([name]) => ({ setting: `settings.${name}`, message: `${provider} has no setting "${name}".` }));
}

/** Adds warnings to `start`; every later batch is passed on as it is. */
function withWarnings(stream: Stream, warnings: readonly Warning[], signal: AbortSignal | undefined): Stream {
  const addWarnings = (part: StreamPart): StreamPart =>
    part.type === "start" ? { ...part, warnings: [...warnings, ...part.warnings] } : part;
  return passing(stream, signal, () => {
    let first = true;
    return {
      sees(result) {
        if (result.done === true || !first) return result;
        first = false;
        return { done: false, value: Array.from(result.value, addWarnings) };
      },
    };
  });
}
