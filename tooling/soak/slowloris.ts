import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { residentMb } from "../proxy-process.ts";
import { type Client, createClient } from "./ask.ts";
import { type Bound, between, most } from "./bounds.ts";
import { KEY, startGateway } from "./gateway.ts";
import { KINDS } from "./kinds.ts";
import { startStandIn } from "./stand-in.ts";

export interface SlowlorisResult {
  /** Connections that send a byte a second: of a head, of a body. */
  readonly slow: { readonly heads: number; readonly bodies: number };
  /** Milliseconds until each was closed. */
  readonly closedAfterMs: { readonly heads: readonly [number, number]; readonly bodies: readonly [number, number] };
  /** Milliseconds of a small answer for others, median and 99th percentile. */
  readonly served: { readonly before: Latency; readonly meanwhile: Latency };
  readonly rss: { readonly before: number; readonly most: number };
  readonly bounds: readonly Bound[];
}

interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
}

const EACH = 500;
const BYTE_EVERY_MS = 1000;
/** Connections that are made at a time: the kernel's queue is not what is tried here. */
const AT_A_TIME = 50;
const SAMPLES = 1000;
/** Of the others' requests: as many before as meanwhile, in the same time. */
const PAUSE_MS = 5;
/** 15 s for heads, 60 s for a whole request, looked at every 5 s; and the machine may be busy. */
const CLOSED_WITHIN_MS = { heads: 25_000, bodies: 75_000 };

const fields = `host: proxy\r\nauthorization: Bearer ${KEY}\r\n`;
const HEAD = `GET /v1/models HTTP/1.1\r\n${fields}x: `;
const BODY = `POST /v1/chat/completions HTTP/1.1\r\n${fields}content-type: application/json\r\ncontent-length: 1000\r\n\r\n{"model":"`;

/** A thousand clients that never come to an end with their request, beside those that do. */
export async function slowloris(debugPort: number): Promise<SlowlorisResult> {
  const upstream = await startStandIn();
  const gateway = await startGateway([upstream.url], debugPort);
  const client = createClient(gateway.url);
  const before = await latency(client, () => false);
  const rssBefore = residentMb(gateway.pid);
  let rssMost = rssBefore;
  const watching = setInterval(() => {
    rssMost = Math.max(rssMost, residentMb(gateway.pid));
  }, 200);
  const open = (text: string) => openAll(gateway.port, text);
  let isOver = false;
  const attack = Promise.all([open(HEAD), open(BODY)]).finally(() => {
    isOver = true;
  });
  const meanwhile = await latency(client, () => !isOver);
  const [heads, bodies] = await attack;
  clearInterval(watching);
  client.close();
  await gateway.stop();
  await upstream.close();
  const told = [...heads, ...bodies].filter(({ status }) => status === 408).length;
  return {
    slow: { heads: heads.length, bodies: bodies.length },
    closedAfterMs: { heads: range(heads), bodies: range(bodies) },
    served: { before, meanwhile },
    rss: { before: Math.round(rssBefore), most: Math.round(rssMost) },
    bounds: [
      between("connections that were told 408", told, 2 * EACH, 2 * EACH),
      most("milliseconds until the last head was closed", range(heads)[1], CLOSED_WITHIN_MS.heads),
      most("milliseconds until the last body was closed", range(bodies)[1], CLOSED_WITHIN_MS.bodies),
      most("others whose request failed", before.failed + meanwhile.failed, 0),
      most("RSS more than before, MB", rssMost - rssBefore, 100),
    ],
  };
}

async function openAll(port: number, text: string): Promise<readonly Closed[]> {
  const closed: Promise<Closed>[] = [];
  while (closed.length < EACH) {
    const more = await Promise.all(Array.from({ length: AT_A_TIME }, () => slow(port, text)));
    closed.push(...more.map((each) => each.closed));
  }
  return Promise.all(closed);
}

interface Slow {
  readonly closed: Promise<Closed>;
}

interface Closed {
  readonly status: number;
  readonly afterMs: number;
}

/** Resolves once it is connected. */
function slow(port: number, text: string): Promise<Slow> {
  const started = performance.now();
  const closed = Promise.withResolvers<Closed>();
  let received = "";
  const socket = connect(port, "127.0.0.1");
  let sending: NodeJS.Timeout | undefined;
  socket.on("data", (bytes) => {
    received += bytes.toString("latin1");
  });
  socket.on("end", () => socket.destroy());
  // Writing to what has been closed.
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    clearInterval(sending);
    closed.resolve({ status: Number(received.split(" ")[1] ?? 0), afterMs: Math.round(performance.now() - started) });
  });
  return new Promise((resolve) => {
    socket.on("connect", () => {
      socket.write(text);
      sending = setInterval(() => socket.write("x"), BYTE_EVERY_MS);
      resolve({ closed: closed.promise });
    });
  });
}

/** Of small requests one after the other: so many, and on for as long as that says. */
async function latency(client: Client, goesOn: () => boolean): Promise<Latency> {
  const kind = KINDS.find(({ name }) => name === "embeddings");
  if (kind === undefined) throw new RangeError("There are embeddings.");
  const took: number[] = [];
  let failed = 0;
  while (took.length < SAMPLES || goesOn()) {
    const started = performance.now();
    const answer = await client.ask(kind.question).catch(() => undefined);
    if (answer === undefined || !kind.isRight(answer)) failed += 1;
    took.push(performance.now() - started);
    await sleep(PAUSE_MS);
  }
  took.sort((left, right) => left - right);
  const at = (share: number) => Math.round((took[Math.floor(took.length * share)] ?? Number.NaN) * 10) / 10;
  return { p50: at(0.5), p99: at(0.99), failed };
}

function range(closed: readonly Closed[]): readonly [number, number] {
  const times = closed.map(({ afterMs }) => afterMs);
  return [Math.min(...times), Math.max(...times)];
}
