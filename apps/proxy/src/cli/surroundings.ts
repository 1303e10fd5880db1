/** The process around the command, as far as it matters. Tests have another. */
export interface Surroundings {
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  /** Gets the log, a line at a time. Default: standard error. */
  readonly log?: ((line: string) => void) | undefined;
  /** Whether a person reads what is printed and complained. Default: no. */
  readonly isTerminal?: boolean | undefined;
  /** Asks for the end: open streams may finish, new requests find no one. */
  readonly stop: AbortSignal;
  /** Aborted with an error that nobody caught. */
  readonly crash?: AbortSignal | undefined;
  /** Calls back whenever the configuration is to be read again. */
  readonly onReload?: ((listener: () => void) => void) | undefined;
}
