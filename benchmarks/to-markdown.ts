import type { Round } from "./play-rounds.ts";
import {
  advantage,
  baseOf,
  doubts,
  figure,
  holds,
  judged,
  namesOf,
  type Results,
  type ScenarioResult,
  spread,
} from "./results.ts";
import type { Target } from "./scenarios.ts";

/** What a run saw, as a page: who was compared with what, and which targets hold. */
export function toMarkdown(results: Results): string {
  return [
    head(results),
    ...results.scenarios.map((each) => `### ${each.name}: ${each.title}\n\n${gateways(each)}${failures(each)}`),
    `### Targets\n\n${targets(results.scenarios)}`,
  ].join("\n\n");
}

function head({ date, machine, pinned, versions, command }: Results): string {
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${date} UTC, ${machine}, ${pinned}; ${names.join(", ")}; \`${command}\``;
}

/** One row a gateway, medians of the rounds. */
export function gateways(result: ScenarioResult): string {
  const { measure, rounds } = result;
  const names = namesOf(result);
  const base = baseOf(result);
  const columns = [
    "gateway",
    measure.unit,
    `× ${base} (min–max)`,
    `CPU µs/${measure.operation}`,
    `× ${base}`,
    "CPU used",
    "by others",
    "",
  ];
  const rows = names.map((name) => {
    const of = (key: "cpuUs" | "own" | "foreign") =>
      spread(rounds.map((round) => round[name]?.[key] ?? Number.NaN)).median;
    const { median, least, most } =
      base === undefined ? { median: 1, least: 1, most: 1 } : advantage(result, name, base);
    return [
      name,
      digits(figure(result, name).median),
      name === base ? "1" : `${digits(median)} (${digits(least)}–${digits(most)})`,
      digits(of("cpuUs")),
      digits(spread(rounds.map((round) => cpuOf(round, name) / cpuOf(round, base ?? name))).median),
      percent(of("own")),
      percent(of("foreign")),
      doubts(result, name) ?? "",
    ];
  });
  return table([columns, ...rows]);
}

function cpuOf(round: Round, name: string): number {
  return round[name]?.cpuUs ?? Number.NaN;
}

function failures({ failures }: ScenarioResult): string {
  const said = Object.entries(failures).map(([name, text]) => `\n- ${name} could not: ${text.replace(/\s+/g, " ")}`);
  return said.length === 0 ? "" : `\n${said.join("")}`;
}

/** One row a target whose other side was there. */
export function targets(results: readonly ScenarioResult[]): string {
  const rows = results.flatMap((result) =>
    result.targets.flatMap((target) => {
      const held = holds(result, target);
      if (held === undefined) return [];
      const what = target.against === undefined ? result.measure.unit : `us ÷ ${target.against}`;
      const [least, goal] = [bound(target, target.atLeast ?? target.atMost), bound(target, target.goal)];
      return [[result.name, what, least, goal, digits(judged(result, target)), held ? "yes" : "**no**"]];
    }),
  );
  return table([["scenario", "what", "target", "goal", "seen", "holds"], ...rows]);
}

function bound({ atMost }: Target, figure: number | undefined): string {
  return `${atMost === undefined ? "≥" : "≤"} ${figure}`;
}

function table([columns = [], ...rows]: readonly (readonly string[])[]): string {
  return [columns, columns.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function digits(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en") : value >= 10 ? value.toFixed(1) : value.toPrecision(3);
}

function percent(share: number): string {
  return Number.isNaN(share) ? "" : `${Math.round(share * 100)}%`;
}
