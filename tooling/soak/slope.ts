export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The median of the slopes between every two points (Theil–Sen): a few that are far off do not tilt it. `NaN` below two. */
export function slope(points: readonly Point[]): number {
  const between = points.flatMap((from, index) =>
    points.slice(index + 1).map((to) => (to.y - from.y) / (to.x - from.x)),
  );
  between.sort((a, b) => a - b);
  const middle = between.length / 2;
  // An odd number has one in the middle, taken twice.
  const [low, high] = [between[Math.ceil(middle) - 1], between[Math.floor(middle)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
