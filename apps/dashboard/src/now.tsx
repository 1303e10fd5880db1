import type { JSX } from "preact";
import { Chart } from "./chart.tsx";
import { formatNumber } from "./format.ts";
import type { Status } from "./status.ts";
import { sum, toSeries } from "./to-series.ts";

/** What goes on: two charts and three numbers. */
export function Now({ status }: { readonly status: Status }): JSX.Element {
  const { deployments, traffic, now } = status;
  const { requests, failed, tokens } = toSeries(traffic, now);
  const failures = sum(traffic.failed);
  return (
    <section class="now" aria-label="Now">
      <Chart label="Requests a minute" values={requests} below={failed} belowLabel="failed" sliceMs={traffic.sliceMs} />
      <Chart label="Tokens a second" values={tokens} sliceMs={traffic.sliceMs} second />
      <dl class="panel facts">
        <Fact label="In flight" value={sum(deployments.map(({ inFlight }) => inFlight))} />
        <Fact label="Waiting" value={sum(deployments.map(({ queued }) => queued))} />
        <Fact label="Failed in 30 min" value={failures} isBad={failures > 0} />
      </dl>
    </section>
  );
}

interface FactProps {
  readonly label: string;
  readonly value: number;
  readonly isBad?: boolean;
}

function Fact({ label, value, isBad = false }: FactProps): JSX.Element {
  return (
    <div>
      <dt>{label}</dt>
      <dd class={isBad ? "bad" : undefined}>{formatNumber(value)}</dd>
    </div>
  );
}
