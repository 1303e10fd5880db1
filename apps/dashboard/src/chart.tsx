import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { formatDuration, formatNumber } from "./format.ts";

export interface ChartProps {
  readonly label: string;
  /** At least two, oldest first; the last one is now. */
  readonly values: readonly number[];
  /** A part of the same, drawn in front of it. */
  readonly below?: readonly number[];
  readonly belowLabel?: string;
  /** Time from one value to the next, milliseconds. */
  readonly sliceMs: number;
  /** Drawn in the second colour. */
  readonly second?: boolean;
}

/** Of the drawing's own units, which are stretched to its place: only their ratios matter. */
const HEIGHT = 100;
const HEADROOM = 1.15;

/** A line over time. Its number is that of now, or of where somebody points. */
export function Chart({ label, values, below, belowLabel, sliceMs, second = false }: ChartProps): JSX.Element {
  const [pointed, setPointed] = useState<number>();
  const last = values.length - 1;
  const index = pointed ?? last;
  const most = Math.max(...values);
  const top = Math.max(most, 1) * HEADROOM;
  const at = (line: readonly number[] = []) => line[index] ?? 0;
  const when = index === last ? "now" : `${formatDuration((last - index) * sliceMs)} ago`;

  function point(event: PointerEvent): void {
    // The listener sits on the drawing.
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    setPointed(Math.min(last, Math.max(0, Math.round(((event.clientX - left) / width) * last))));
  }

  const summary = `${label} in the last half hour: ${formatNumber(values[last] ?? 0)} now, ${formatNumber(most)} at most`;
  return (
    <figure class={second ? "panel chart second" : "panel chart"}>
      <figcaption>
        <span class="label">{label}</span>
        <span class="value">{formatNumber(at(values))}</span>
        <span class="quiet">
          {when}
          {below !== undefined && at(below) > 0 && (
            <span class="bad"> · {`${formatNumber(at(below))} ${belowLabel}`}</span>
          )}
        </span>
        <span class="quiet most">most {formatNumber(most)}</span>
      </figcaption>
      <svg
        role="img"
        aria-label={summary}
        viewBox={`0 0 ${last} ${HEIGHT}`}
        preserveAspectRatio="none"
        onPointerMove={point}
        onPointerLeave={() => setPointed(undefined)}
      >
        <path class="area" d={`M0 ${HEIGHT}L${toPoints(values, top)}L${last} ${HEIGHT}Z`} />
        <path class="line" d={`M${toPoints(values, top)}`} />
        {below?.some((value) => value > 0) && <path class="line below" d={`M${toPoints(below, top)}`} />}
        {pointed !== undefined && <path class="pointer" d={`M${pointed} 0V${HEIGHT}`} />}
      </svg>
      <div class="axis quiet" aria-hidden="true">
        <span>{formatDuration(values.length * sliceMs).replace(" 0 s", "")} ago</span>
        <span>now</span>
      </div>
    </figure>
  );
}

function toPoints(values: readonly number[], top: number): string {
  return values.map((value, index) => `${index} ${(HEIGHT * (1 - value / top)).toFixed(2)}`).join("L");
}
