import type { Row } from "./client-rows.ts";

/** D: the process, its configuration and its clock. */
export const LIFE_CYCLE_ROWS = [
  {
    id: "D1",
    fault: "SIGTERM while 50 streams run",
    outcome: "each ends with `[DONE]`; nobody else gets in; exit code 0",
  },
  {
    id: "D2",
    fault: "answers outlast the shutdown",
    outcome: "streams end with a `server_shutting_down` event, others with 503; upstreams are aborted",
  },
  { id: "D6", fault: "the wall clock jumps by a year", outcome: "no stream, limit or wait changes" },
  {
    id: "D7",
    fault: "the event loop stands still for longer than the idle limit",
    outcome: "what has come meanwhile counts: no timeout",
  },
  { id: "D10", fault: "no file descriptor is left", outcome: "running streams end well; later requests are answered" },
  {
    id: "D11",
    fault: "every upstream is left alone",
    outcome: "`503 no_healthy_upstream` with `retry-after`; nobody is asked",
  },
  { id: "D12", fault: "one of two upstreams comes and goes", outcome: "every request is answered" },
  { id: "D13", fault: "ten wait for two slots", outcome: "two at a time, all are answered" },
  { id: "D15", fault: "nobody reads the log any more", outcome: "requests are answered" },
  {
    id: "D18",
    fault: "the proxy is its own upstream, or its upstream's",
    outcome: "`508 proxy_loop`, when the request comes back for the first time",
  },
] as const satisfies readonly Row[];
