// docs/reliability.md, made from the rows of tests/faults.
import { ADAPTER_PLAYS, ADAPTER_ROWS, type AdapterRow } from "../../tests/faults/adapter-rows.ts";
import { BEFORE_CONTENT } from "../../tests/faults/before-content-rows.ts";
import { CLIENT_ROWS, RAW_ROWS, type Row } from "../../tests/faults/client-rows.ts";
import { IN_CONTENT } from "../../tests/faults/in-content-rows.ts";
import { LIFE_CYCLE_ROWS } from "../../tests/faults/life-cycle-rows.ts";
import { UNPLAYED_ROWS } from "../../tests/faults/unplayed-rows.ts";
import type { UpstreamRow } from "../../tests/faults/upstream-row.ts";

/** The page as it should be. */
export function reliabilityPage(): string {
  const unplayed = UNPLAYED_ROWS.map(({ id, fault, where }): Row => ({ id, fault, outcome: where }));
  const raw = RAW_ROWS.map(({ id, fault, answer }): Row => ({ id, fault, outcome: ofAnswer(answer) }));
  const adapter = [...ADAPTER_ROWS.map(ofAdapter), ...ADAPTER_PLAYS];
  const table = (letter: string, rows: readonly Row[]) =>
    [...rows, ...unplayed]
      .filter(({ id }) => id.startsWith(letter))
      .sort(byNumber)
      .map(toLine)
      .join("\n");
  return `# Reliability

<!-- Made by \`node tooling/docs/generated-pages.ts --write\` from the rows of tests/faults. -->

What goes wrong between a client and a model, and what comes of it. Every row is played on real sockets, by \`pnpm test:faults\`
in a checkout, and as part of every change. The test of a row is titled with it: \`A5: FIN in place of headers\`.

Rows of upstreams and of providers are played three times over: a stream through the proxy, a whole answer through the proxy, a stream
of the library \`llamaduct\`. Each looks at what the client gets, to the last byte; at how often the upstream was asked, and whether it
was told to stop; at the line in the log; and at what is left: no slot, no connection, no timer. Then the next request is answered.
Upstreams are played with a second one that is well, and five times in a row.

What is not played here says where it is, or why it cannot be. Codes are those of [errors.md](errors.md).

## An upstream that fails before it has said anything

Tests: \`tests/faults/upstream.test.ts\`. **Other**: another upstream of the group answers in its place. **Breaker**: five in a row,
and it is left alone for a while; one that cannot be reached at all is left alone at once.

| row | fault | outcome | other | breaker |
|---|---|---|---|---|
${upstreamTable(BEFORE_CONTENT)}

## An upstream that fails while its answer arrives

Tests: \`tests/faults/upstream.test.ts\`. A stream that has begun ends with the error as its last event and without \`[DONE]\`; a whole
answer is the error with its status. What has begun is never asked for again.

| row | fault | outcome | other | breaker |
|---|---|---|---|---|
${upstreamTable(IN_CONTENT)}
${unplayed
  .filter(({ id }) => id.startsWith("B"))
  .map(({ id, fault, outcome }) => `| ${id} | ${fault} | ${outcome} | | |`)
  .join("\n")}

## A client

Tests: \`tests/faults/client.test.ts\`.

| row | what it does | outcome |
|---|---|---|
${table("C", [...raw, ...CLIENT_ROWS])}

## The process

Tests: \`tests/faults/life-cycle.test.ts\`.

| row | fault | outcome |
|---|---|---|
${table("D", LIFE_CYCLE_ROWS)}

## A provider of a third party

Tests: \`tests/faults/adapter.test.ts\`. A provider is code that its user trusts: it runs in the same process.

| row | what it does | outcome |
|---|---|---|
${table("P", adapter)}

## Real servers

Tests: \`tests/live/faults.test.ts\`, against Ollama 0.33.0 and 0.24.0: the engine killed before and in the middle of an answer, the
server killed in the middle of a stream, a server that is full, a model that takes long to load, and two versions behind one name.
`;
}

function upstreamTable(rows: readonly UpstreamRow[]): string {
  const line = (row: UpstreamRow) => {
    const { id, fault, outcome } = ofUpstream(row);
    return `| ${id} | ${plain(fault)} | ${outcome} | ${row.failsOver ? "yes" : "no"} | ${row.opensBreaker ? "yes" : "no"} |`;
  };
  return rows.map(line).join("\n");
}

function ofUpstream({ id, fault, ends, text, attempts, retryAfter, finish }: UpstreamRow): Row {
  const again = attempts === undefined ? (finish === "length" ? ", cut: `length`" : "") : `, at attempt ${attempts}`;
  const outcome = ends === "well" ? `the answer${again}` : `${text === undefined ? "" : "what came, then "}\`${ends}\``;
  return { id, fault, outcome: `${outcome}${retryAfter === undefined ? "" : " with `retry-after`"}` };
}

function ofAdapter({ id, fault, ends, text }: AdapterRow): Row {
  return {
    id,
    fault,
    outcome: ends === "well" ? "the answer" : `${text === undefined ? "" : "what came, then "}\`${ends}\``,
  };
}

function ofAnswer(answer: string): string {
  return answer === "0" ? "closed without a word" : answer === "200" ? "served" : `\`${answer}\``;
}

function byNumber(a: Row, b: Row): number {
  return Number(a.id.slice(1)) - Number(b.id.slice(1));
}

function toLine({ id, fault, outcome }: Row): string {
  return `| ${id} | ${plain(fault)} | ${outcome} |`;
}

/** Markdown takes two underscores for bold. */
function plain(text: string): string {
  return text.replaceAll("__", "\\_\\_");
}
