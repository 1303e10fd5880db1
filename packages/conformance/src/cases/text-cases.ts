import type { TextRequest } from "@llamaduct/core";
import { check, checkEqual, checkError } from "../check.ts";
import type { CaseDefinition } from "../conformance-cases.ts";
import { readAnswer } from "../read-answer.ts";
import { onStage, requestsTo } from "../stage.ts";
import type { Target } from "../target.ts";
import { streamWorksOf, textModel } from "../work.ts";

/** What only a text completion has. Each member arrives, or is `unsupported` before anything is sent. */
export function textCases(target: Target): readonly CaseDefinition[] {
  const work = streamWorksOf(target).find(({ kind }) => kind === "text");
  if (work === undefined) return [];

  const arrives = (member: Partial<TextRequest>, setting: string, marker: string) => () =>
    onStage(target, work, async (stage) => {
      const request = { prompt: "beginmarker", ...member };
      const { error } = await readAnswer(textModel(stage.provider, target.modelId).stream(request));
      const [sent] = requestsTo(stage, work.path);
      if (error !== undefined && setting !== "prompt") {
        checkError(error, "unsupported", `for ${setting}`);
        checkEqual(error.setting, setting, "The setting that the error names");
        return checkEqual(sent, undefined, "What was sent all the same");
      }
      if (error !== undefined) throw error;
      check(sent?.text.includes(marker) ?? false, `${setting} vanished: it was neither sent nor refused.`);
    });

  return [
    {
      id: "text.prompt",
      kind: "text",
      title: "the prompt arrives as it is, white space included",
      run: arrives({ prompt: "  beginmarker\n\tendmarker " }, "prompt", JSON.stringify("  beginmarker\n\tendmarker ")),
    },
    {
      id: "text.suffix",
      kind: "text",
      title: "a suffix arrives, or is refused",
      run: arrives({ suffix: "suffixmarker" }, "suffix", "suffixmarker"),
    },
    {
      id: "text.system",
      kind: "text",
      title: "a system text arrives, or is refused",
      run: arrives({ system: "systemmarker" }, "system", "systemmarker"),
    },
    {
      id: "text.images",
      kind: "text",
      title: "an image arrives, or is refused",
      run: arrives(
        { images: [{ type: "image", mediaType: "image/png", data: "aW1hZ2VtYXJrZXI=" }] },
        "images",
        "aW1hZ2VtYXJrZXI=",
      ),
    },
  ];
}
