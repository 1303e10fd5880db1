/** A row that is played somewhere else, or cannot be: why, with the file of a test where there is one. */
export interface UnplayedRow {
  readonly id: string;
  readonly fault: string;
  readonly where: string;
}

export const UNPLAYED_ROWS: readonly UnplayedRow[] = [
  {
    id: "B16",
    fault: "an answer of more than 256 MiB",
    where: "`packages/http/src/transport-faults.test.ts`, with a limit of four bytes",
  },
  {
    id: "B27",
    fault: "the server is stopped in the middle of a stream",
    where: "real servers: `tests/live/faults.test.ts`",
  },
  {
    id: "B28",
    fault: "the engine dies in the middle of a stream",
    where: "real servers: `tests/live/faults.test.ts`; as bytes it is B7",
  },
  {
    id: "B32",
    fault: "an answer that comes after our abort",
    where: "C2: the connection is closed, so there is nothing to come on",
  },
  { id: "C6", fault: "reads slowly", where: "`apps/proxy/test/back-pressure.test.ts`" },
  { id: "C7", fault: "stops reading", where: "`apps/proxy/src/http/answer/write-events.test.ts`" },
  { id: "D3", fault: "a second signal", where: "`apps/proxy/test/main.test.ts`" },
  {
    id: "D4",
    fault: "a reload takes an upstream away in the middle of a stream",
    where: "`apps/proxy/test/cli-reload.test.ts`, `apps/proxy/src/serve/create-current.test.ts`",
  },
  {
    id: "D5",
    fault: "a reload with a file that is wrong, half or gone",
    where: "`apps/proxy/test/cli-reload.test.ts`",
  },
  { id: "D8", fault: "the heap is nearly full", where: "`apps/proxy/test/overload.test.ts`" },
  {
    id: "D9",
    fault: "the process runs out of memory",
    where: "as D19: whoever started it starts another, and nothing on disk is left to be wrong",
  },
  { id: "D14", fault: "Redis is slow, or away", where: "`apps/proxy/test/redis.test.ts`" },
  {
    id: "D16",
    fault: "metrics are scraped 50 times a second",
    where: "not applicable: a matter of time, which no test asserts",
  },
  {
    id: "D17",
    fault: "another address behind a name",
    where: "not applicable: the name is resolved for each new connection, and an idle one lives four seconds",
  },
  { id: "D19", fault: "a worker dies", where: "`apps/proxy/test/cli-workers.test.ts`" },
  { id: "D20", fault: "the machine sleeps for an hour", where: "not applicable to a test; dead connections are A7" },
  {
    id: "D21",
    fault: "a port in use, a config that cannot be read",
    where: "`apps/proxy/test/run.test.ts`; the exit code is 1",
  },
  {
    id: "D22",
    fault: "only IPv6, only IPv4, or one that is broken",
    where: "`packages/http/src/create-transport.test.ts`",
  },
  {
    id: "P3",
    fault: "a rejection that nobody awaits, a throw in a timer",
    where: "`apps/proxy/test/main.test.ts`: logged once, answers have five seconds, exit code 70",
  },
  { id: "P4", fault: "an `error` event without a listener", where: "as P3" },
  {
    id: "P9",
    fault: "a loop of two seconds",
    where: "not applicable: one thread; a provider is code that its user trusts",
  },
  {
    id: "P11",
    fault: "loses memory or sockets",
    where: "not applicable: what a provider keeps is its own. `@llamaduct/conformance` watches its connections",
  },
  { id: "P12", fault: "sets headers of the answer", where: "not applicable: the contract has none" },
  {
    id: "P13",
    fault: "another version of the contract, an import that fails",
    where: "`apps/proxy/src/config/load-providers.test.ts`",
  },
];
