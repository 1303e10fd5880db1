import { test } from "node:test";
import { conformanceCases } from "@llamaduct/conformance";
import { fromFetch } from "@llamaduct/http";
import { create__Name__, provider } from "../src/index.ts";
import { upstream } from "./upstream.ts";

const cases = conformanceCases({
  provider,
  modelId: "some-model",
  upstream,
  withFetch: (settings, fetch) => create__Name__({ ...settings, transport: fromFetch(fetch) }),
  skip: [
    { id: "stream.tool-calls", reason: "tools are refused" },
    { id: "tools.parallel", reason: "tools are refused" },
    { id: "tools.boundaries", reason: "tools are refused" },
    { id: "tools.no-arguments", reason: "tools are refused" },
    { id: "reasoning.deltas", reason: "reasoning is not read yet" },
  ],
});

for (const { title, run } of cases) test(title, run);
