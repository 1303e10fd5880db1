import type { ChooseRequest } from "./choose.ts";
import type { Candidate, Member } from "./member.ts";
import type { Meter } from "./meter.ts";
import type { Conversation } from "./to-conversation.ts";

/** What is to be known of a request to route it; never what it asks. */
export interface BalancedRequest<Of extends Member> extends ChooseRequest<Of> {
  /** What the client asked for. */
  readonly model: string;
  readonly signal?: AbortSignal | undefined;
  /** Who asks; queues are fair between callers, and conversations are theirs. */
  readonly caller?: string | undefined;
  /** A conversation by the client's own name for it. */
  readonly session?: string | undefined;
  /** One that shows in what it says. */
  readonly conversation?: (() => Conversation | undefined) | undefined;
  readonly retries?: number | undefined;
  /** In place of the configured ones; none: it may fail. */
  readonly fallbacks?: readonly string[] | undefined;
}

/** One deployment being asked. */
export interface BalancedAttempt<Of extends Member> extends Pick<Meter, "layer" | "hold"> {
  readonly candidate: Candidate<Of>;
  readonly group: string;
  /** The name that led there. */
  readonly model: string;
  /** Of this request so far, this one included. */
  readonly attempts: number;
  /** Groups left behind so far. */
  readonly fallbacks: number;
}

/** A request on its way from deployment to deployment. */
export interface Trip<Of extends Member, Begun> {
  readonly request: BalancedRequest<Of>;
  readonly attempt: (attempt: BalancedAttempt<Of>) => Promise<Begun>;
  attempts: number;
  fallbacks: number;
}
