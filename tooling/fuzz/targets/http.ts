import { ok } from "node:assert";
import { startEmulator } from "../../../packages/ollama-emulator/src/start-emulator.ts";
import { seededRandom } from "../../../packages/openai-dialect/test/seeded-random.ts";
import { heldRequests, openDescriptors, type ProxyProcess, settled, startProxyProcess } from "../../proxy-process.ts";
import { root } from "../../workspace.ts";
import { corpus } from "../corpus.ts";
import { cutBytes } from "../cut.ts";
import { checkAnswer } from "../http/check-answer.ts";
import { exchange } from "../http/exchange.ts";
import { type HttpAnswer, readAnswers } from "../http/read-answers.ts";
import { KEY, requests, WORDS } from "../http/samples.ts";
import { mutated } from "../mutated.ts";
import type { Target } from "../target.ts";

/** What connections that are being closed, and pools, may hold on to. */
const SPARE_DESCRIPTORS = 10;
/** Of the log: nothing that a client sends is an error of the proxy. */
const BAD_LINE = /"level":"?(?:50|60|error|fatal)|unhandled|nobody caught|MaxListeners/i;

let proxy: ProxyProcess;
const complaints: string[] = [];

/** A running proxy, as whoever can reach its port has it. */
export const http: Target = {
  name: "http",
  quick: 1000,
  parallel: 16,
  inputs: mutated([...requests, ...corpus("http").map(({ bytes }) => bytes)], WORDS, 24 * 1024),
  open,
  async check(input, seed) {
    const pieces = cutBytes(input, seededRandom(seed));
    const { received, leftEarly } = await exchange(proxy.port, pieces);
    const text = Buffer.from(input).toString("latin1");
    // The answer to HEAD is a head: where it ends only the request tells.
    const answers = text.includes("HEAD") ? [] : readAnswers(received);
    for (const answer of answers) checkAnswer(answer);
    ok(
      answers.every(({ isWhole }) => isWhole || leftEarly),
      "half an answer",
    );
    const requestLines = text.match(/HTTP\/1\./g)?.length ?? 0;
    ok(answers.filter(({ status }) => status >= 200).length <= requestLines + 1, "more answers than requests");
    ok(text.includes(KEY) || !answers.some(isForKeys), "answered without a key");
    ok(proxy.ended() === undefined, `it ended: ${proxy.ended()}`);
    ok(complaints.length === 0, complaints.join("\n"));
  },
};

/** What only a key gets: models' work, lists of models, metrics. */
function isForKeys({ status, body }: HttpAnswer): boolean {
  return status < 300 && /"object":"|^data: |^# HELP|"data":\[/.test(body.toString("utf8", 0, 1000));
}

async function open(): Promise<() => Promise<string | undefined>> {
  const emulator = await startEmulator();
  const main = ["--conditions=@llamaduct/source", `${root}apps/proxy/src/main.ts`];
  proxy = await startProxyProcess({
    command: [...main, "--host", "127.0.0.1", "--port", "0"],
    environment: { OLLAMA_HOST: emulator.url, LITELLM_MASTER_KEY: KEY },
    onLine: (line) => BAD_LINE.test(line) && complaints.push(line),
  });
  await heldRequests(proxy.url, KEY);
  const before = openDescriptors(proxy.pid);
  return async () => {
    const left = await whatIsLeft(before);
    await proxy.stop();
    await emulator.close();
    return left;
  };
}

async function whatIsLeft(before: number): Promise<string | undefined> {
  const held = await settled(
    () => heldRequests(proxy.url, KEY),
    (count) => count === 0,
  );
  if (held > 0) return `${held} requests are still in flight.`;
  const most = before + SPARE_DESCRIPTORS;
  const after = await settled(
    () => openDescriptors(proxy.pid),
    (count) => !(count > most),
  );
  return after > most ? `${after} descriptors are open, ${before} were.` : undefined;
}
