import { type Capabilities, createRegistry, type Provider, type ProviderSettings, SPEC_VERSION } from "@llamaduct/core";
import { check, checkEqual, checkError, rejection } from "../check.ts";
import type { CaseDefinition } from "../conformance-cases.ts";
import { create, onStage, settingsOf } from "../stage.ts";
import type { Target } from "../target.ts";
import { streamWorksOf, type Work, worksOf } from "../work.ts";

/** What holds before anything is asked. */
export function providerCases(target: Target): readonly CaseDefinition[] {
  const kind = "provider";
  const { provider: factory, upstream } = target;
  const works = worksOf(target);
  /** Some providers look at their settings when they are made, others when they are used. */
  const makeWith = async (settings: ProviderSettings, uses: readonly Work[] = []) => {
    const made = create(target, settings);
    for (const work of uses) await work.run(made);
  };
  const quiet = { play: () => "silent" as const };
  return [
    {
      id: "provider.factory",
      kind,
      title: "a registry takes the factory, and its providers have its id and spec version",
      async run() {
        createRegistry([factory]);
        const made = create(target, settingsOf(target, "http://127.0.0.1:9"));
        checkEqual(made.id, factory.id, "The provider's id");
        checkEqual(made.specVersion, SPEC_VERSION, "The provider's specVersion");
        check(Array.isArray(made.settings), "The provider does not say which settings it can send.");
      },
    },
    {
      id: "provider.kinds",
      kind,
      title: "the target has an upstream for every kind of work that the provider does",
      async run() {
        const made = create(target, settingsOf(target, "http://127.0.0.1:9"));
        checkEqual(made.chatModel !== undefined, upstream.chat !== undefined, "Whether there are chat models");
        checkEqual(made.textModel !== undefined, upstream.text !== undefined, "Whether there are text models");
        checkEqual(
          made.embeddingModel !== undefined,
          upstream.embeddings !== undefined,
          "Whether there are embeddings",
        );
        checkEqual(made.listModels !== undefined, upstream.models !== undefined, "Whether models are listed");
      },
    },
    {
      id: "provider.options",
      kind,
      title: "an option that it does not know is refused by name",
      async run() {
        const settings = settingsOf(target, "http://127.0.0.1:9");
        const options = { ...settings.options, "no-such-option": 1 };
        const error = await rejection(makeWith({ ...settings, options }));
        checkError(error, "invalid_value", "for an unknown option");
        checkEqual(error.setting, "options.no-such-option", "The setting that the error names");
      },
    },
    {
      id: "provider.base-url",
      kind,
      title: "a base URL that is none is refused by name; a path and a trailing slash are kept and mended",
      async run() {
        const error = await rejection(makeWith(settingsOf(target, "ftp://127.0.0.1:9"), works));
        checkError(error, "invalid_value", "for the base URL ftp://127.0.0.1:9");
        checkEqual(error.setting, "baseURL", "The setting that the error names");
        const [work] = works;
        if (work === undefined) return;
        await onStage(target, work, async ({ baseURL, requests }) => {
          await work.run(create(target, settingsOf(target, `${baseURL}/`)));
          const paths = requests.map(({ path }) => path);
          check(
            paths.length > 0 && paths.every((path) => path.startsWith("/behind/a-gateway/") && !path.includes("//")),
            `For a base URL with the path /behind/a-gateway/, requests went to ${paths.join(", ") || "nothing"}.`,
          );
        });
      },
    },
    {
      id: "provider.no-io",
      kind,
      title: "making providers and models asks the upstream nothing",
      run: () =>
        onStage(target, quiet, async ({ provider, requests }) => {
          for (const work of streamWorksOf(target)) work.model(provider).capabilities();
          provider.embeddingModel?.(target.modelId);
          // A request that was begun would be on its way by then.
          await new Promise((resolve) => setTimeout(resolve, 20));
          checkEqual(requests.length, 0, "The number of requests");
        }),
    },
    {
      id: "provider.models",
      kind,
      title: "a model says whose it is and what it can do, and the application's word wins",
      async run() {
        const made = create(target, settingsOf(target, "http://127.0.0.1:9"));
        const models = [
          ...streamWorksOf(target).map((work) => work.model(made)),
          ...(upstream.embeddings === undefined ? [] : [made.embeddingModel?.(target.modelId)]),
        ];
        for (const model of models) {
          checkEqual(model?.provider, factory.id, "A model's provider");
          checkEqual(model?.modelId, target.modelId, "A model's id");
        }
        for (const kindOfModel of ["chatModel", "textModel"] as const) checkCapabilities(made, target, kindOfModel);
      },
    },
  ];
}

const CAPABILITIES: readonly (keyof Capabilities)[] = [
  "tools",
  "jsonSchema",
  "reasoning",
  "images",
  "suffix",
  "embeddings",
];

function checkCapabilities(provider: Provider, { modelId }: Target, kind: "chatModel" | "textModel"): void {
  const own = provider[kind]?.(modelId).capabilities();
  if (own === undefined) return;
  for (const capability of CAPABILITIES) {
    check(
      ["native", "none", "unknown"].includes(own[capability]),
      `capabilities().${capability} is "${own[capability]}", which is none of native, none and unknown.`,
    );
    const told = own[capability] === "native" ? "none" : "native";
    const model = provider[kind]?.(modelId, { capabilities: { [capability]: told } });
    checkEqual(
      model?.capabilities()[capability],
      told,
      `capabilities().${capability} when the application says ${told}`,
    );
  }
}
