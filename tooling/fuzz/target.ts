import type fc from "fast-check";

/** Something of ours that reads what others wrote. An input is bytes, whoever made them: a generator or a file of the corpus. */
export interface Target {
  readonly name: string;
  /** Cases of the quick form, which CI plays. */
  readonly quick: number;
  readonly inputs: fc.Arbitrary<Uint8Array>;
  /** How many inputs are read at a time; 1 unless waiting is most of it. CPU time is watched where it is 1. */
  readonly parallel?: number | undefined;
  /** Reads the bytes and throws when that breaks a promise. The seed settles everything else, such as how they are cut. */
  check(input: Uint8Array, seed: number): Promise<void> | void;
  /** Before the first input. What it gives is called after the last, and throws when something was left behind. */
  open?(): Promise<() => Promise<string | undefined>>;
}
