import { applyMiddleware, type Batch } from "@llamaduct/core";
import { expect, it, vi } from "vitest";
import { finish, hello, scriptedModel, start, text } from "../test/scripted-model.ts";
import { reasoningTags } from "./reasoning-tags.ts";

// As on a page that has lost the server its files come from.
vi.mock("./reasoning-splitter.ts", () => {
  throw new Error("Failed to fetch dynamically imported module");
});

async function run(...batches: readonly Batch[]) {
  const seen: Batch[] = [];
  const { stream } = applyMiddleware(scriptedModel(batches), [reasoningTags()]);
  const error = await (async () => {
    for await (const batch of stream(hello)) seen.push(batch);
  })().catch((error: unknown) => error);
  return { seen, error };
}

it("text without tags needs nothing to be loaded, and stays as it is", async () => {
  const batches = [[start], [text("a > b")], [finish]];
  expect(await run(...batches)).toEqual({ seen: batches, error: undefined });
});

it("what may be a tag is not told as text when it cannot be looked at", async () => {
  const { seen, error } = await run([start], [text("a")], [text("<think>b</think>")], [finish]);
  expect(seen).toEqual([[start], [text("a")]]);
  expect(error).toMatchObject({
    code: "provider_error",
    message: "What tells reasoning in tags from text could not be loaded.",
  });
});
