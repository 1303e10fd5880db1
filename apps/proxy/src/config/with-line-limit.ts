import { DEFAULT_PROVIDERS, type LlamaductOptions } from "llamaduct";

type Reached = Pick<LlamaductOptions, "deployments" | "settings">;

/** The same hosts, read in lines of at most so many bytes. A provider that does not come along has options of its own. */
export function withLineLimit({ deployments, settings = {} }: Reached, maxLineBytes: number | undefined): Reached {
  if (maxLineBytes === undefined) return { deployments, settings };
  const ids = DEFAULT_PROVIDERS.map(({ id }) => id);
  const options = { maxLineBytes };
  return {
    deployments: deployments?.map((each) =>
      ids.some((id) => each.model.startsWith(`${id}/`)) ? { ...each, settings: { ...each.settings, options } } : each,
    ),
    settings: { ...settings, ...Object.fromEntries(ids.map((id) => [id, { ...settings[id], options }])) },
  };
}
