import { check, checkEqual, checkError, rejection } from "../check.ts";
import type { CaseDefinition } from "../conformance-cases.ts";
import { onStage, playing, whole } from "../stage.ts";
import type { Target } from "../target.ts";

export function listingCases(target: Target): readonly CaseDefinition[] {
  const wire = target.upstream.models;
  if (wire === undefined) return [];
  const kind = "models";
  const listing = (ids: readonly string[]) => ({ play: playing(target, wire.path, () => whole(wire.reply(ids))) });
  return [
    {
      id: "models.list",
      kind,
      title: "every model of the upstream, by the name that chats take",
      async run() {
        for (const ids of [["a/b:c", "second", "a third"], []]) {
          await onStage(target, listing(ids), async ({ provider }) => {
            const models = (await provider.listModels?.()) ?? [];
            checkEqual(
              models.map(({ id }) => id),
              ids,
              "The models",
            );
            for (const { capabilities } of models)
              check(
                Object.values(capabilities).length === 6,
                "A model of the list does not have all six capabilities.",
              );
          });
        }
      },
    },
    {
      id: "models.malformed",
      kind,
      title: "a reply that is no list is an error, not an empty list",
      async run() {
        for (const body of ["[]", "null", '{"data":', '{"data":{"x":1},"models":{"x":1}}']) {
          await onStage(target, { play: playing(target, wire.path, () => whole({ body })) }, async ({ provider }) => {
            const error = await rejection(Promise.resolve(provider.listModels?.()));
            checkError(error, "upstream_protocol_error", `for the list ${body}`);
          });
        }
      },
    },
  ];
}
