/**
 * What several processes tell each other of the same deployments. Reads are from memory: whoever implements it over a
 * network brings news in the background, and knows nothing while that is away.
 */
export interface SharedState {
  /** A deployment is left alone here for so long. */
  cool(deploymentId: string, ms: number): void;
  /** How much longer others leave it alone; 0: they do not. */
  cooledMs(deploymentId: string): number;
  /** How many streams are on their way to it or from it here. */
  setBusy(deploymentId: string, count: number): void;
  /** How many there are elsewhere. */
  busyElsewhere(deploymentId: string): number;
}

/** For one process: there is nobody to tell. */
export const NOT_SHARED: SharedState = {
  cool: () => {},
  cooledMs: () => 0,
  setBusy: () => {},
  busyElsewhere: () => 0,
};
