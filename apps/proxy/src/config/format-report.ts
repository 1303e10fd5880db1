import type { ConfigReport, Finding } from "./proxy-config.ts";

const KINDS: readonly Finding["kind"][] = ["honoured", "changed", "ignored"];

/** A line for each finding, the honoured ones first: what `--check-config` prints. */
export function formatReport({ findings }: ConfigReport): string {
  const lines = KINDS.flatMap((kind) => findings.filter((finding) => finding.kind === kind).map(toLine));
  return lines.join("\n");
}

function toLine({ kind, at, message }: Finding): string {
  return `${kind.padEnd("honoured".length)}  ${at}${message === undefined ? "" : `: ${message}`}`;
}
