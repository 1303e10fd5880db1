import { defineProvider } from "@llamaduct/core";
import { check, checkEqual, rejection, within } from "../check.ts";
import type { CaseDefinition } from "../conformance-cases.ts";
import { onStage, playing } from "../stage.ts";
import type { Target, UpstreamRequest } from "../target.ts";
import { type StreamWork, streaming, streamWorksOf, type Work } from "../work.ts";
import { half } from "./stream-cases.ts";

/** Long enough for any machine, short enough to be told from waiting for an answer. */
const SOON_MS = 1000;

/** What a caller's signal, or a caller that leaves, brings about. */
export function abortCases(target: Target, work: Work): readonly CaseDefinition[] {
  const { kind, path } = work;
  const stream = streamWorksOf(target).find((one) => one.kind === kind);
  return [
    {
      id: "abort.before",
      kind,
      title: "an aborted signal rejects with its own reason, and nothing is sent",
      run: () =>
        onStage(target, work, async ({ provider, requests }) => {
          const reason = new Error("aborted beforehand");
          const error = await rejection(work.run(defineProvider(provider), { signal: AbortSignal.abort(reason) }));
          check(error === reason, `It rejected with ${error}, not with the signal's own reason.`);
          checkEqual(requests.length, 0, "The number of requests");
        }),
    },
    {
      id: "abort.waiting",
      kind,
      title: "an abort before the upstream has answered rejects at once, and closes the connection",
      run: () =>
        onStage(target, { play: playing(target, path, () => "silent") }, async ({ provider, firstRequest }) => {
          const controller = new AbortController();
          const error = rejection(work.run(defineProvider(provider), { signal: controller.signal }));
          await checkAbort(controller, error, firstRequest);
        }),
    },
    ...(stream === undefined ? [] : streamAborts(target, stream)),
  ];
}

function streamAborts(target: Target, work: StreamWork): readonly CaseDefinition[] {
  const { kind, wire } = work;
  const hanging = { play: streaming(target, wire, { change: half("hang") }) };
  return [
    {
      id: "abort.pending-read",
      kind,
      title: "an abort while the answer pauses rejects at once, and closes the connection",
      run: () =>
        onStage(target, hanging, async ({ provider, firstRequest }) => {
          const controller = new AbortController();
          const iterator = work
            .open(defineProvider(provider), {}, { signal: controller.signal })
            [Symbol.asyncIterator]();
          await iterator.next();
          await checkAbort(controller, rejection(readOn(iterator)), firstRequest);
        }),
    },
    {
      id: "abort.leave",
      kind,
      title: "leaving the loop closes the connection",
      run: () =>
        onStage(target, hanging, async ({ provider, firstRequest }) => {
          for await (const batch of work.open(defineProvider(provider)))
            if ([...batch].some(({ type }) => type === "text-delta")) break;
          await checkLeft(firstRequest, "The reader left");
        }),
    },
    {
      id: "abort.after",
      kind,
      title: "an abort after the finish changes nothing",
      run: () =>
        onStage(target, work, async ({ provider }) => {
          const controller = new AbortController();
          const types: string[] = [];
          for await (const batch of work.open(defineProvider(provider), {}, { signal: controller.signal })) {
            for (const { type } of batch) types.push(type);
            if (types.at(-1) === "finish") controller.abort(new Error("too late"));
          }
          checkEqual(types.at(-1), "finish", "The last part");
        }),
    },
  ];
}

async function readOn(iterator: AsyncIterator<unknown>): Promise<void> {
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next());
}

async function checkAbort(
  controller: AbortController,
  rejected: Promise<unknown>,
  firstRequest: Promise<UpstreamRequest>,
): Promise<void> {
  const sentence = "The provider did not ask the upstream, or was done without an answer.";
  await within(
    SOON_MS,
    Promise.race([firstRequest, rejected.then(() => Promise.reject(new Error(sentence)))]),
    sentence,
  );
  const reason = new Error("aborted by the kit");
  controller.abort(reason);
  const error = await within(SOON_MS, rejected, `The call went on for ${SOON_MS} ms after its signal was aborted.`);
  check(error === reason, `It rejected with ${error}, not with the signal's own reason.`);
  await checkLeft(firstRequest, "The signal was aborted");
}

async function checkLeft(firstRequest: Promise<UpstreamRequest>, what: string): Promise<void> {
  const { left } = await firstRequest;
  await within(SOON_MS, left, `${what}, but ${SOON_MS} ms later the connection to the upstream was still open.`);
}
