import { guard, opened } from "./guard.ts";
import type { Middleware, StreamModel } from "./spec.ts";

/**
 * Wraps a model. The first middleware is outermost: first to see the request, last to see the parts. Each layer is
 * guarded under its function's name, so one that breaks the sequence is caught where it happened.
 */
export function applyMiddleware<Request>(
  model: StreamModel<Request>,
  middleware: readonly Middleware<Request>[],
): StreamModel<Request> {
  return middleware.reduceRight((next, layer) => guardLayer(layer(next), layer.name || "anonymous"), model);
}

function guardLayer<Request>(model: StreamModel<Request>, name: string): StreamModel<Request> {
  const { provider, modelId } = model;
  return {
    provider,
    modelId,
    capabilities: () => model.capabilities(),
    stream: (request, options) =>
      guard(
        opened(() => model.stream(request, options)),
        { provider, modelId, layer: `Middleware "${name}"`, signal: options?.signal },
      ),
  };
}
