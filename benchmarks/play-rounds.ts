import type { Contender, Gateway, World } from "./gateways.ts";
import type { Sample, Sampler } from "./measures/measure.ts";
import type { Scenario } from "./scenarios.ts";

/** One sample of each gateway. */
export type Round = Readonly<Record<string, Sample>>;

export interface Played {
  readonly rounds: readonly Round[];
  /** Gateways that could not, and what they answered. */
  readonly failures: Readonly<Record<string, string>>;
}

export interface Player {
  readonly gateway: Gateway;
  readonly contender: Contender;
}

export interface RoundsOptions {
  readonly rounds: number;
  readonly world: World;
  /** Called when all have been prepared. */
  readonly onWarm: () => void;
}

const EXTRA_ROUNDS = 3;

/** Above this share the other programs have decided the figures. */
export const TOO_FOREIGN = 0.2;

/**
 * Rounds of all gateways in turn, each round beginning with another, after what `prepare` does with each. A few more are
 * played when other programs disturb them; the least disturbed count.
 */
export async function playRounds(
  scenario: Scenario,
  players: readonly Player[],
  { rounds: wanted, world, onWarm }: RoundsOptions,
): Promise<Played> {
  const { atMostRounds } = scenario.measure;
  const rounds = Math.min(wanted, atMostRounds ?? wanted);
  const extra = atMostRounds === undefined ? EXTRA_ROUNDS : 0;
  const samplers = new Map<string, Sampler>();
  const failures: Record<string, string> = {};
  const attempt = async (name: string, act: () => Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      failures[name] = error instanceof Error ? error.message.slice(0, 500) : String(error);
      samplers.get(name)?.close();
      samplers.delete(name);
    }
  };
  for (const { name, gateway, contender, ask } of entries(scenario, players))
    await attempt(name, async () => {
      const startAnother = () => contender.start(world);
      samplers.set(name, await scenario.measure.prepare({ gateway, ask, upstream: world.upstream, startAnother }));
    });

  onWarm();
  const played: Round[] = [];
  const isCalm = (round: Round) => disturbance(round) <= TOO_FOREIGN;
  while (played.length < rounds + extra && played.filter(isCalm).length < rounds) {
    const names = [...samplers.keys()];
    if (names.length === 0) break;
    const first = played.length % names.length;
    const round: Record<string, Sample> = {};
    for (const name of [...names.slice(first), ...names.slice(0, first)])
      await attempt(name, async () => {
        const sample = await samplers.get(name)?.sample();
        if (sample !== undefined) round[name] = sample;
      });
    played.push(round);
  }
  for (const sampler of samplers.values()) sampler.close();
  return { rounds: played.toSorted((a, b) => disturbance(a) - disturbance(b)).slice(0, rounds), failures };
}

/** Who is asked for what: in a scenario about two requests of ours, we alone. */
function entries({ ask, also, less }: Scenario, players: readonly Player[]) {
  const ours = players.filter(({ contender }) => contender.name === "us");
  if (also !== undefined)
    return ours.flatMap((us) => [
      { ...us, name: "us", ask },
      { ...us, name: also.name, ask: also.ask },
    ]);
  return players
    .filter(({ contender }) => contender.name !== "direct" || less === "direct")
    .map((player) => ({ ...player, name: player.contender.name, ask }));
}

/** Where there is no /proc nothing is known of it, so nothing is held against a round. */
function disturbance(round: Round): number {
  return Math.max(...Object.values(round).map(({ foreign }) => foreign)) || 0;
}
