import type { Warning } from "@llamaduct/core";
import type { Deployment } from "./deployment.ts";

export interface AskedRequest {
  readonly request: object;
  /** Of what the client asked for and is fixed. */
  readonly warnings: readonly Warning[];
}

/** A client's request as a deployment has it: its defaults under it, what it pins over it, what it drops marked. */
export function toAskedRequest(request: object, { defaults, pinned = {}, dropParams = [] }: Deployment): AskedRequest {
  const asked = withNestedOptions(request);
  const changed = Object.keys(pinned).filter((name) => asked[name] !== undefined && asked[name] !== pinned[name]);
  const merged: Fields = { ...defaults, ...request, ...pinned };
  const { additional_drop_params: dropped = [] } = merged;
  return {
    // A list that is none is the decoder's to refuse.
    request:
      dropParams.length > 0 && Array.isArray(dropped)
        ? { ...merged, additional_drop_params: [...dropped, ...dropParams] }
        : merged,
    warnings: changed.map((name) => ({ setting: name, message: `${name} is fixed for this model.` })),
  };
}

/** The window that a request would have at a deployment, tokens; `undefined`: the host's own. */
export function askedContextLength(request: object, { defaults, pinned }: Deployment): number | undefined {
  const { num_ctx } = { ...defaults, ...withNestedOptions(request), ...pinned } as Fields;
  return typeof num_ctx === "number" ? num_ctx : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** Options of a model runner may come nested, and say the same. */
function withNestedOptions(request: object): Fields {
  return { ...("options" in request && (request.options as object)), ...request };
}
