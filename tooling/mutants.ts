/** A one-line fault in the path from an upstream's bytes to the contract's parts, which the tests must notice. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The test file that must notice. */
  readonly test: string;
}

export const mutants: readonly Mutant[] = [
  {
    name: "drop the `done` check",
    file: "packages/ollama-host/src/to-parts.ts",
    find: "if (finished) return;\n      const message",
    replace: "return;\n      const message",
    test: "packages/ollama-chat/src/recordings.test.ts",
  },
  {
    name: "hard-code `stop`",
    file: "packages/ollama-host/src/finish.ts",
    find: "switch (doneReason) {",
    replace: 'return "stop";\n  switch (doneReason) {',
    test: "packages/ollama-chat/src/recordings.test.ts",
  },
  {
    name: "skip a bad line",
    file: "packages/ollama-host/src/read-events.ts",
    find: "return event !== undefined;",
    replace: "return true;",
    test: "packages/ollama-host/src/ollama-host.test.ts",
  },
  {
    name: "take an error line for an event",
    file: "packages/ollama-host/src/read-events.ts",
    find: '&& "error" in value)',
    replace: '&& "errors" in value)',
    test: "packages/ollama-chat/src/recordings.test.ts",
  },
  {
    name: "forget the signal",
    file: "packages/ollama-host/src/ollama-host.ts",
    find: "signal: call.signal,",
    replace: "",
    test: "packages/ollama-chat/src/ollama-chat.test.ts",
  },
  {
    name: "lose the last line",
    file: "packages/http/src/line-decoder.ts",
    find: "return this.#heldBytes === 0 ? [] : take(this.#release(Uint8Array.of(LF)));",
    replace: "return [];",
    test: "packages/http/src/lines.test.ts",
  },
  {
    name: "decode each piece by itself",
    file: "packages/http/src/line-decoder.ts",
    find: "if (end === 0) {",
    replace: "if (bytes.length < 4) {",
    test: "packages/http/src/lines.test.ts",
  },
  {
    name: "one id for every call",
    file: "packages/ollama-host/src/to-parts.ts",
    find: "given && !callIds.has(given) ? given : generateId()",
    replace: '"call_1"',
    test: "packages/ollama-chat/src/recordings.test.ts",
  },
  {
    name: "let an aborted stream end as if whole",
    file: "packages/core/src/guard.ts",
    find: "if (reject === undefined) this.#isUntold = true;",
    replace: "if (reject === undefined) return;",
    test: "packages/core/src/guard.test.ts",
  },
];
