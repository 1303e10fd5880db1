import type { Member } from "@llamaduct/router";
import type { Directory, KnownDeployment } from "./create-directory.ts";
import { stableJson } from "./deployment-id.ts";
import { publicURL } from "./public-url.ts";

/** A deployment as the balancer has it. */
export interface EngineMember extends Member {
  readonly deployment: KnownDeployment;
  readonly providerId: string;
  /** Where it is, without credentials and query; `undefined` for a provider's own default. */
  readonly apiBase: string | undefined;
}

/** The deployments of a directory, in order. What reaches one server in the same way is one host, whatever its prefix. */
export function toMembers({
  deployments,
  unreached,
  registry,
  settings,
  provider,
}: Directory): readonly EngineMember[] {
  return deployments.map((deployment) => {
    const { id, name, model, routing, facts, pinned } = deployment;
    // The directory has checked that every model names a provider.
    const { providerId = "" } = registry.split(model) ?? {};
    const reached = settings(deployment, providerId);
    const { status } = unreached.has(deployment) ? {} : provider(deployment, providerId);
    const pinnedContext = toNumber(pinned?.["num_ctx"]);
    return {
      id,
      group: name,
      host: reached.baseURL === undefined ? `${providerId} ${stableJson(reached)}` : stableJson(reached),
      routing,
      contextLength: pinnedContext ?? facts?.contextLength,
      status,
      deployment,
      providerId,
      apiBase: reached.baseURL && publicURL(reached.baseURL),
    };
  });
}

function toNumber(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
