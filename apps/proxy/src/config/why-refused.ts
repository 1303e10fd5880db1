import type { Registry } from "@llamaduct/core";
import type { Deployment } from "llamaduct";

/** What the provider of a deployment says against its settings: how a sentence about them goes on. */
export function whyRefused(deployment: Deployment | undefined, registry: Registry): string | undefined {
  const target = deployment && registry.split(deployment.model);
  if (target === undefined) return undefined;
  try {
    registry.provider(target.providerId, deployment?.settings);
    return undefined;
  } catch (error) {
    return `is refused by ${target.providerId}: ${(error as Error).message.replace(/\.$/, "")}`;
  }
}
