import type { Batch, Usage } from "@llamaduct/core";
import { sumUsage } from "./sum-usage.ts";

export interface ChoiceWriterOptions {
  /** How many choices the answer has. */
  readonly choices: number;
  /** What writes one choice's batches, made at its first; it calls `end` with the choice's usage. */
  open(index: number, end: (usage: Usage) => void): (batch: Batch) => void;
  /** Told once, after the last choice has ended. */
  usage(total: Usage): void;
}

/** Several streams of parts, each a choice, to one answer; their batches may come in any order. */
export function createChoiceWriter(options: ChoiceWriterOptions): (batch: Batch, index: number) => void {
  const writers: ((batch: Batch) => void)[] = [];
  const usages: Usage[] = [];

  function end(usage: Usage): void {
    usages.push(usage);
    if (usages.length === options.choices) options.usage(sumUsage(usages));
  }

  return (batch, index) => {
    writers[index] ??= options.open(index, end);
    writers[index](batch);
  };
}
