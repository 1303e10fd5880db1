import type { JsonObject } from "@llamaduct/core";
import { check, checkEqual, checkError, rejection } from "../check.ts";
import type { CaseDefinition } from "../conformance-cases.ts";
import { onStage, playing, requestsTo, type Stage, whole } from "../stage.ts";
import type { EmbeddingUpstream, Target, UpstreamRequest } from "../target.ts";
import { embeddingModel } from "../work.ts";

/** More than any upstream takes at once. */
const MANY = 5000;

export function embeddingCases(target: Target): readonly CaseDefinition[] {
  const wire = target.upstream.embeddings;
  return wire === undefined ? [] : casesFor(target, wire);
}

function casesFor(target: Target, wire: EmbeddingUpstream): readonly CaseDefinition[] {
  const kind = "embeddings";

  /** An upstream whose vector for the input "7" is [7, 0.5]. */
  function served(run: (stage: Stage) => Promise<void>, inputTokens?: number): Promise<void> {
    const play = playing(target, wire.path, (request) => {
      const vectors = inputsOf(request, wire).map((input) => [Number(input), 0.5]);
      return whole(wire.reply(vectors, inputTokens));
    });
    return onStage(target, { play }, run);
  }

  return [
    {
      id: "embeddings.order",
      kind,
      title: "one vector for each input, in their order",
      run: () =>
        served(async ({ provider }) => {
          const { vectors, usage, warnings } = await embeddingModel(provider, target).embed({ input: ["3", "1", "2"] });
          check(
            vectors.every((vector) => vector instanceof Float32Array),
            "A vector is not a Float32Array.",
          );
          checkEqual(
            vectors.map((vector) => [...vector]),
            [
              [3, 0.5],
              [1, 0.5],
              [2, 0.5],
            ],
            "The vectors",
          );
          checkEqual(usage.inputTokens, 6, "usage.inputTokens");
          checkEqual(warnings, [], "The warnings");
        }, 6),
    },
    {
      id: "embeddings.many",
      kind,
      title: `${MANY} inputs come back in their order, however many requests that takes`,
      run: () =>
        served(async ({ provider }) => {
          const input = Array.from({ length: MANY }, (_, index) => String(index));
          const { vectors } = await embeddingModel(provider, target).embed({ input });
          checkEqual(vectors.length, MANY, "The number of vectors");
          const wrong = vectors.findIndex(([first], index) => first !== index);
          checkEqual(wrong, -1, "The first input that got another one's vector");
        }),
    },
    {
      id: "embeddings.unknown-usage",
      kind,
      title: "tokens that the upstream did not count are undefined, not zero",
      run: () =>
        served(async ({ provider }) => {
          const { usage } = await embeddingModel(provider, target).embed({ input: ["1"] });
          checkEqual(usage.inputTokens, undefined, "usage.inputTokens");
        }),
    },
    {
      id: "embeddings.dimensions",
      kind,
      title: "the wished number of dimensions arrives",
      run: () =>
        served(async (stage) => {
          const model = embeddingModel(stage.provider, target);
          await model.embed({ input: ["1"], dimensions: 2 });
          await model.embed({ input: ["1"] });
          const [first, second] = requestsTo(stage, wire.path);
          check(first?.text !== second?.text, "dimensions vanished: the request is the one without them.");
        }),
    },
    {
      id: "embeddings.wrong-count",
      kind,
      title: "fewer vectors than inputs, or more, is an error",
      async run() {
        for (const vectors of [
          [[1, 2]],
          [
            [1, 2],
            [1, 2],
            [1, 2],
          ],
          [],
        ]) {
          const play = playing(target, wire.path, () => whole(wire.reply(vectors, 1)));
          await onStage(target, { play }, async ({ provider }) => {
            const error = await rejection(embeddingModel(provider, target).embed({ input: ["a", "b"] }));
            checkError(error, "upstream_protocol_error", `for ${vectors.length} vectors and 2 inputs`);
          });
        }
      },
    },
    {
      id: "embeddings.no-input",
      kind,
      title: "no input is refused before anything is sent",
      run: () =>
        served(async ({ provider, requests }) => {
          const error = await rejection(embeddingModel(provider, target).embed({ input: [] }));
          checkError(error, "invalid_value", "for no input");
          checkEqual(error.setting, "input", "The setting that the error names");
          checkEqual(requests.length, 0, "The number of requests");
        }),
    },
  ];
}

function inputsOf({ body }: UpstreamRequest, wire: EmbeddingUpstream): readonly string[] {
  check(typeof body === "object" && body !== null && !Array.isArray(body), "The upstream was not sent a JSON object.");
  return wire.inputs(body as JsonObject);
}
