export interface StopSequences {
  /** What may be passed on of the text so far; `isHit` once a sequence has come, which is itself left out. */
  push(text: string): { readonly text: string; readonly isHit: boolean };
  /** What was kept because it might have been the beginning of a sequence. */
  flush(): string;
}

/** Ends text at the first of some sequences, as an upstream would. Keeps back less than the longest of them. */
export function createStopSequences(sequences: readonly string[]): StopSequences {
  const wanted = sequences.filter((sequence) => sequence !== "");
  const longest = Math.max(0, ...wanted.map((sequence) => sequence.length));
  let kept = "";

  return {
    push(piece) {
      if (wanted.length === 0) return { text: piece, isHit: false };
      const text = kept + piece;
      const hits = wanted.map((sequence) => text.indexOf(sequence)).filter((at) => at !== -1);
      if (hits.length > 0) {
        kept = "";
        return { text: text.slice(0, Math.min(...hits)), isHit: true };
      }
      let from = Math.max(0, text.length - longest + 1);
      while (from < text.length && !wanted.some((sequence) => sequence.startsWith(text.slice(from)))) from++;
      kept = text.slice(from);
      return { text: text.slice(0, from), isHit: false };
    },
    flush() {
      const text = kept;
      kept = "";
      return text;
    },
  };
}
