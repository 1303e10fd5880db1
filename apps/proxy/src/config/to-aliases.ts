import type { Alias } from "llamaduct";
import type { Config } from "./schema/config-schema.ts";

/** `model_group_alias`, and `model_alias_map` where that says nothing. */
export function toAliases({
  litellm_settings: general,
  router_settings: router,
}: Config): Readonly<Record<string, Alias>> {
  const all = { ...general?.model_alias_map, ...router?.model_group_alias };
  const entries = Object.entries(all).map(([name, to]) => [name, typeof to === "string" ? { model: to } : toAlias(to)]);
  return Object.fromEntries(entries);
}

function toAlias({ model, hidden }: Alias): Alias {
  return hidden === undefined ? { model } : { model, hidden };
}
