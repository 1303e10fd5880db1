/** Something that must hold, and whether it did. */
export interface Bound {
  readonly what: string;
  readonly value: unknown;
  readonly bound: string;
  readonly holds: boolean;
}

export function between(what: string, value: number, least: number, most: number): Bound {
  return { what, value: rounded(value), bound: `${least} to ${most}`, holds: value >= least && value <= most };
}

export function most(what: string, value: number, bound: number): Bound {
  return { what, value: rounded(value), bound: `at most ${bound}`, holds: value <= bound };
}

/** Nothing was counted. */
export function none(what: string, counted: Readonly<Record<string, number>>): Bound {
  return { what, value: counted, bound: "none", holds: Object.keys(counted).length === 0 };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
