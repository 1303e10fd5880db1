import { conformanceCases } from "@llamaduct/conformance";
import { describe, it } from "vitest";
import { target } from "../test/target.ts";
import * as openAICompatible from "./index.ts";

describe("conformance", () => {
  for (const { title, run } of conformanceCases(target(openAICompatible))) it(title, run);
});
