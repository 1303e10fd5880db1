import { advantage, baseOf, namesOf, type Results, type ScenarioResult } from "./results.ts";

// Distinguishable with any sight, on white and on black (after Okabe and Ito).
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b88a00", "#5a9bd4", "#8c6bb1", "#7a7a7a"];
const [WIDTH, LEFT, RIGHT, ROW] = [860, 330, 30, 34];
const STYLE = `text{font:13px system-ui,sans-serif;fill:#1f2328}.small{font-size:11px}.us{fill:#1f2328;stroke:#1f2328}.line{stroke:#8c959f}.grid{stroke:#d0d7de}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.us{fill:#e6edf3;stroke:#e6edf3}.line{stroke:#8b949e}.grid{stroke:#3d444d}}`;

/** A row for each scenario, a dot for each gateway: how many times as good as the base it is, right is better, on a logarithmic scale. */
export function toChart({ scenarios, machine, date }: Results): string {
  const rows = scenarios.filter((result) => result.rounds.length > 0 && baseOf(result) !== undefined);
  const names = [...new Set(rows.flatMap(namesOf))].filter((name) => !rows.some((row) => baseOf(row) === name));
  const ratios = rows.flatMap((row) => namesOf(row).map((name) => advantage(row, name, baseOf(row) ?? "").median));
  const usable = ratios.filter((ratio) => ratio > 0 && Number.isFinite(ratio));
  const [least, most] = [Math.min(0.5, ...usable) * 0.8, Math.max(2, ...usable) * 1.25];
  const x = (ratio: number) =>
    LEFT + ((Math.log(ratio) - Math.log(least)) / (Math.log(most) - Math.log(least))) * (WIDTH - LEFT - RIGHT);
  const paint = (name: string) => (name === "us" ? 'class="us"' : colour(names.indexOf(name)));
  const legend = toLegend(names);
  const top = (legend.at(-1)?.y ?? 0) + 28;
  const height = top + rows.length * ROW + 50;
  const ticks = [0.001, 0.01, 0.1, 0.5, 1, 2, 10].filter((tick) => tick >= least && tick <= most);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title(rows))}">
<style>${STYLE}</style>
<text x="10" y="20">${escaped(title(rows))}</text>
${legend.map(({ name, x, y }) => `<circle cx="${x}" cy="${y - 4}" r="5" ${paint(name)}/><text class="small" x="${x + 10}" y="${y}">${escaped(name)}</text>`).join("\n")}
${ticks.map((tick) => `<line class="${tick === 1 ? "line" : "grid"}" x1="${x(tick)}" x2="${x(tick)}" y1="${top - 8}" y2="${height - 44}"/><text class="small" text-anchor="middle" x="${x(tick)}" y="${height - 28}">${tick}×</text>`).join("\n")}
${rows.map((row, index) => dots(row, { y: top + index * ROW + 12, x, paint, names })).join("\n")}
<text class="small" x="10" y="${height - 8}">${escaped(`${date}, ${machine}; dots are medians of the rounds, lines reach from the least to the most`)}</text>
</svg>
`;
}

function title(rows: readonly ScenarioResult[]): string {
  const bases = [...new Set(rows.map(baseOf))].map((base) => (base === "floor" ? "a byte relay" : base));
  return `How many times as good as ${bases.join(" or ")}; right is better`;
}

/** Names side by side, in as many lines as they take; a letter is about six wide. */
function toLegend(names: readonly string[]) {
  let [x, y] = [16, 44];
  return names.map((name) => {
    const width = 30 + name.length * 6;
    if (x + width > WIDTH) [x, y] = [16, y + 20];
    const place = { name, x, y };
    x += width;
    return place;
  });
}

interface Frame {
  readonly y: number;
  readonly x: (ratio: number) => number;
  readonly paint: (name: string) => string;
  readonly names: readonly string[];
}

function dots(row: ScenarioResult, { y, x, paint, names }: Frame): string {
  const marks = names.flatMap((name) => {
    const { median, least, most } = advantage(row, name, baseOf(row) ?? "");
    if (!(median > 0 && Number.isFinite(median))) return [];
    const [from, to] = [x(Math.max(least, median / 10)), x(Math.min(most, median * 10))];
    return [
      `<line x1="${from}" x2="${to}" y1="${y}" y2="${y}" ${paint(name)} stroke-width="2"/><circle cx="${x(median)}" cy="${y}" r="5" ${paint(name)}><title>${escaped(`${name}: ${median.toPrecision(3)}×`)}</title></circle>`,
    ];
  });
  return `<text class="small" x="${LEFT - 12}" y="${y + 4}" text-anchor="end">${escaped(row.title)}</text>${marks.join("")}`;
}

function colour(index: number): string {
  const [fallback = ""] = COLOURS;
  const each = COLOURS[index % COLOURS.length] ?? fallback;
  return `fill="${each}" stroke="${each}"`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
