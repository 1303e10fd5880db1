import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it, onTestFinished, vi } from "vitest";
import { drain } from "../../apps/proxy/src/serve/listen.ts";
import { startMain } from "../../apps/proxy/test/spawn-main.ts";
import { type Emulator, type Reply, startEmulator } from "../../packages/ollama-emulator/src/index.ts";
import { MODES, readEvents } from "./ask.ts";
import { eventually } from "./eventually.ts";
import { LIFE_CYCLE_ROWS } from "./life-cycle-rows.ts";
import { nothingLeft } from "./nothing-left.ts";
import { type GatewayOptions, startGateway } from "./start-gateway.ts";
import { A, B, CHUNKED, chunked, DONE } from "./upstream-answers.ts";

type Id = (typeof LIFE_CYCLE_ROWS)[number]["id"];

const SENTENCE = "The quick brown llama jumps over the lazy alpaca.";
const slow: Reply = { chunks: [A, B, A, B, DONE], delayMs: 200, times: Number.POSITIVE_INFINITY };

afterAll(nothingLeft, 30_000);

const plays: Record<Id, (emulator: Emulator) => Promise<void>> = {
  async D1(emulator) {
    emulator.enqueue(slow);
    const main = await startMain(...toMain(emulator));
    const answers = Array.from({ length: 50 }, () => stream(main.url));
    await eventually(() => expect(emulator.requests.filter(({ path }) => path === "/api/chat")).toHaveLength(50));
    const exited = once(main.process, "exit");
    main.process.kill("SIGTERM");
    for (const answer of await Promise.all(answers))
      expect(readEvents(answer)).toEqual({ text: "abab", isComplete: true, finish: "stop" });
    expect(await stream(main.url).catch(() => "refused")).toMatch(/server_shutting_down|refused/);
    expect(await exited).toEqual([0, null]);
  },
  async D2(emulator) {
    emulator.enqueue({ chunks: [A], fault: { silenceAfterChunks: 1 } });
    emulator.enqueue({ fault: { silenceBeforeHeaders: true } });
    await using gateway = await startGateway({ upstreams: [emulator.url], slots: 2 });
    const streamed = MODES.streamed(gateway);
    const first = await emulator.nextRequest("/api/chat");
    const whole = MODES.whole(gateway);
    const second = await emulator.nextRequest("/api/chat");
    await drain(gateway.app, { patienceMs: 100, ending: gateway.ending });
    expect(await streamed).toMatchObject({ text: "a", error: "200 server_shutting_down" });
    expect(await whole).toMatchObject({ error: "503 server_shutting_down" });
    expect(await Promise.all([first.ended, second.ended])).toEqual(["aborted", "aborted"]);
    expect(gateway.records.map(({ outcome }) => outcome)).toEqual(["failed", "failed"]);
  },
  async D6(emulator) {
    emulator.enqueue({ ...slow, times: 1 });
    await using gateway = await startGateway({ upstreams: [emulator.url], deadlines: { idleMs: 60_000 } });
    const answer = MODES.streamed(gateway);
    await emulator.nextRequest("/api/chat");
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 365 * 86_400_000 });
    onTestFinished(() => void vi.useRealTimers());
    expect(await answer).toMatchObject({ text: "abab", isComplete: true });
    vi.setSystemTime(0);
    expect(await MODES.streamed(gateway)).toMatchObject({ text: SENTENCE, isComplete: true });
  },
  async D7(emulator) {
    const bytes = [CHUNKED, chunked(A), chunked(B), chunked(DONE)];
    emulator.enqueue({ fault: { bytes: [...bytes, "0\r\n\r\n"], ending: "close" }, delayMs: 100 });
    await using gateway = await startGateway({ upstreams: [emulator.url], deadlines: { idleMs: 400 } });
    const answer = await gateway.engine.completion({ ...QUESTION, stream: true } as never);
    let text = "";
    for await (const chunk of answer as AsyncIterable<{ choices: { delta: { content?: string } }[] }>) {
      text += chunk.choices[0]?.delta.content ?? "";
      // What it says next is in the kernel before anybody has time to read it.
      if (text === "a") setTimeout(() => standStill(600), 90);
    }
    expect(text).toBe("ab");
  },
  async D10(emulator) {
    emulator.enqueue({ ...slow, delayMs: 500, times: 1 });
    const url = await startLimited(emulator, 60);
    const answer = stream(url);
    await emulator.nextRequest("/api/chat");
    const { port, hostname } = new URL(url);
    const sockets = Array.from({ length: 100 }, () => connect(Number(port), hostname).on("error", () => {}));
    await Promise.all(sockets.map((socket) => once(socket, "connect").catch(() => {})));
    expect(readEvents(await answer)).toEqual({ text: "abab", isComplete: true, finish: "stop" });
    for (const socket of sockets) socket.destroy();
    await vi.waitFor(async () => expect(readEvents(await stream(url)).isComplete).toBe(true), { timeout: 10_000 });
  },
  async D11(emulator) {
    emulator.enqueue({ fault: { refuse: true } });
    await using gateway = await startGateway({ upstreams: [emulator.url] });
    expect(await MODES.whole(gateway)).toMatchObject({ error: "502 upstream_connection_failed" });
    for (const ask of Object.values(MODES)) {
      const { error, retryAfter } = await ask(gateway);
      expect(error).toBe("503 no_healthy_upstream");
      expect(Number(retryAfter)).toBeGreaterThan(0);
    }
    expect(emulator.requests).toHaveLength(1);
  },
  async D12(emulator) {
    await using other = await startEmulator();
    await using gateway = await startGateway({ upstreams: [emulator.url, other.url], slots: 100 });
    for (let round = 0; round < 5; round++) {
      emulator.enqueue({ fault: { refuse: true }, times: 3 });
      const answers = await Promise.all(Array.from({ length: 20 }, () => MODES.library(gateway)));
      for (const answer of answers) expect(answer).toMatchObject({ text: SENTENCE, isComplete: true });
    }
  },
  async D13(emulator) {
    emulator.enqueue({ ...slow, delayMs: 20 });
    await using gateway = await startGateway({ upstreams: [emulator.url], slots: 2 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => MODES.library(gateway)));
    for (const answer of answers) expect(answer).toMatchObject({ text: "abab", isComplete: true });
    const { requests } = emulator;
    expect(requests).toHaveLength(10);
    for (const { receivedAt } of requests) {
      const running = requests.filter((each) => each.receivedAt <= receivedAt && (each.endedAt ?? 0) > receivedAt);
      expect(running.length).toBeLessThanOrEqual(2);
    }
  },
  async D15(emulator) {
    const main = await startMain(...toMain(emulator));
    main.process.stderr.destroy();
    main.process.stdout.destroy();
    for (let index = 0; index < 3; index++) expect(readEvents(await stream(main.url)).isComplete).toBe(true);
    expect(main.process.exitCode).toBeNull();
  },
  async D18() {
    for (const [model, path] of LOOPS) {
      const front = await startFront();
      const toFront = { model, settings: { baseURL: front.url + path, apiKey: "k" } };
      await using first = await startGateway(lonely(toFront));
      await using second = await startGateway(lonely({ model, settings: { baseURL: first.url + path, apiKey: "k" } }));
      for (const [behind, passings] of path === ""
        ? [[first, 0] as const]
        : ([
            [first, 0],
            [second, 2],
          ] as const)) {
        front.lead(behind.port);
        const before = first.records.length;
        for (const ask of [MODES.streamed, MODES.whole])
          expect(await ask(first)).toMatchObject({ error: "508 proxy_loop", text: "" });
        await eventually(() => expect([first.records.length - before, second.records.length]).toEqual([4, passings]));
        for (const record of [...first.records, ...second.records])
          expect(record).toMatchObject({ errorCode: "proxy_loop", status: 508 });
        expect(first.engine.states()[0]).toMatchObject({ inFlight: 0, queued: 0 });
      }
    }
  },
};

/** What the proxy takes itself for. No other proxy can be in between where that is an Ollama. */
const LOOPS = [
  ["ollama_chat/m", ""],
  ["openai/m", "/v1"],
] as const;

type Deployments = NonNullable<GatewayOptions["deployments"]>;

function lonely(deployment: Omit<Deployments[number], "name">): GatewayOptions {
  const routing = { status: { intervalMs: 0 }, cooldowns: false } as const;
  return { upstreams: [], deployments: [{ name: "m", ...deployment }], routing };
}

interface Front {
  readonly url: string;
  /** To where connections go from now on; those that are there end. */
  lead(port: number): void;
}

async function startFront(): Promise<Front> {
  let target = 0;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const behind = connect(target, "127.0.0.1");
    open.add(socket);
    for (const end of [socket, behind]) end.on("error", () => {});
    socket.pipe(behind).pipe(socket);
    socket.on("close", () => behind.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return {
    // A server that listens on TCP has an address of this shape.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lead(port) {
      target = port;
      for (const socket of open) socket.destroy();
      open.clear();
    },
  };
}

it.each(LIFE_CYCLE_ROWS)("$id: $fault", { timeout: 30_000 }, async ({ id }) => {
  await using emulator = await startEmulator();
  await plays[id](emulator);
});

const QUESTION = { model: "m", messages: [{ role: "user", content: "hi" }] } as const;

function toMain({ url }: Emulator): Parameters<typeof startMain> {
  return [["--port", "0", "--model", "ollama_chat/plain", "--api_base", url], {}];
}

async function stream(url: string): Promise<string> {
  const body = JSON.stringify({ ...QUESTION, model: "plain", stream: true });
  const headers = { "content-type": "application/json" };
  return (await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body })).text();
}

/** The proxy with so many file descriptors. */
async function startLimited(emulator: Emulator, count: number): Promise<string> {
  const main = fileURLToPath(new URL("../../apps/proxy/src/main.ts", import.meta.url));
  const [args] = toMain(emulator);
  const command = `ulimit -n ${count}; exec "$0" --conditions=@llamaduct/source "$@"`;
  const child = spawn("bash", ["-c", command, process.execPath, main, ...args], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let banner = "";
  for await (const text of child.stdout.setEncoding("utf8")) {
    banner += text;
    const [, url] = /listens on (http[^\s,]+)/.exec(banner) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error(`It ended: ${banner}`);
}

function standStill(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
