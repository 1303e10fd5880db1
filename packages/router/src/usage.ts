import type { LatencyOptions } from "./routing-options.ts";

/** What a deployment has done lately. */
export interface Usage {
  /** Within the running minute. */
  requests(now: number): number;
  tokens(now: number): number;
  /** Seconds per token it wrote, on average over the last answers; `undefined`: unknown. */
  latency(now: number): number | undefined;
  /** How long an answer takes once its model is loaded, and how long loading takes; milliseconds, guessed until known. */
  serviceMs(): number;
  loadMs(): number;
  addRequest(): void;
  addAnswer(answer: Answered): void;
  addTimeout(): void;
}

export interface Answered {
  readonly totalMs: number;
  readonly firstPartMs: number | undefined;
  /** As far as it was told. */
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  /** The model was not in memory before. */
  readonly hasLoaded: boolean;
}

const MINUTE_MS = 60_000;
/** LiteLLM's: seconds that an answer that never came counts for. */
const TIMEOUT_LATENCY = 1000;
const GUESSED_SERVICE_MS = 3000;
const GUESSED_LOAD_MS = 10_000;

export function createUsage(
  now: () => number,
  { windowMs = 3_600_000, samples: most = 10 }: LatencyOptions = {},
): Usage {
  const service = createAverage(GUESSED_SERVICE_MS);
  const load = createAverage(GUESSED_LOAD_MS);
  let samples: readonly { readonly at: number; readonly latency: number }[] = [];
  let latency: number | undefined;
  let minute = { endsAt: 0, requests: 0, tokens: 0 };

  function minuteOf(now: number) {
    if (now >= minute.endsAt) minute = { endsAt: now + MINUTE_MS, requests: 0, tokens: 0 };
    return minute;
  }

  function keep(kept: typeof samples): void {
    samples = kept;
    latency = kept.length === 0 ? undefined : kept.reduce((sum, { latency }) => sum + latency, 0) / kept.length;
  }

  function addSample(latency: number): void {
    keep([...samples, { at: now(), latency }].slice(-most));
  }

  return {
    requests: (now) => minuteOf(now).requests,
    tokens: (now) => minuteOf(now).tokens,
    latency(now) {
      const oldest = now - windowMs;
      if (samples[0] !== undefined && samples[0].at < oldest) keep(samples.filter(({ at }) => at >= oldest));
      return latency;
    },
    serviceMs: service.value,
    loadMs: load.value,
    addRequest() {
      minuteOf(now()).requests++;
    },
    addAnswer({ totalMs, firstPartMs = totalMs, inputTokens = 0, outputTokens = 0, hasLoaded }) {
      minuteOf(now()).tokens += inputTokens + outputTokens;
      addSample(totalMs / 1000 / Math.max(outputTokens, 1));
      if (hasLoaded) load.add(firstPartMs);
      else service.add(totalMs);
    },
    addTimeout: () => addSample(TIMEOUT_LATENCY),
  };
}

/** An average that forgets; a guess until there is something to average. */
function createAverage(guess: number) {
  let average = guess;
  let isGuess = true;
  return {
    value: () => average,
    add(value: number): void {
      average = isGuess ? value : average + 0.2 * (value - average);
      isGuess = false;
    },
  };
}
