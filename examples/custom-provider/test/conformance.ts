import { test } from "node:test";
import { conformanceCases } from "@llamaduct/conformance";
import { fromFetch } from "@llamaduct/http";
import { createAcme, provider } from "../src/index.ts";
import { upstream } from "./upstream.ts";

const cases = conformanceCases({
  provider,
  modelId: "some-model",
  upstream,
  withFetch: (settings, fetch) => createAcme({ ...settings, transport: fromFetch(fetch) }),
});

for (const { title, run } of cases) test(title, run);
