import type { ProviderSettings, Registry } from "@llamaduct/core";
import type { Deployment } from "llamaduct";

/**
 * What the provider of a deployment says against its settings, or against the environment's where it names no host: how a
 * sentence about them goes on.
 */
export function whyRefused(
  deployment: Deployment | undefined,
  registry: Registry,
  defaults: Readonly<Record<string, ProviderSettings>> = {},
): string | undefined {
  const target = deployment && registry.split(deployment.model);
  if (target === undefined) return undefined;
  try {
    const { settings } = deployment ?? {};
    const inherited = settings?.baseURL === undefined ? defaults[target.providerId] : {};
    registry.provider(target.providerId, { ...inherited, ...settings });
    return undefined;
  } catch (error) {
    return `is refused by ${target.providerId}: ${(error as Error).message.replace(/\.$/, "")}`;
  }
}
