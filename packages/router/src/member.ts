import type { CallOptions, HostStatus } from "@llamaduct/core";
import type { DeploymentRouting } from "./routing-options.ts";

/** A deployment as the balancer knows it: one way to get an answer. */
export interface Member {
  readonly id: string;
  /** What clients ask for. */
  readonly group: string;
  /** Who serves it. Members on one host share what is known of the host. */
  readonly host: string;
  readonly routing?: DeploymentRouting | undefined;
  /** The longest request that it takes, tokens. */
  readonly contextLength?: number | undefined;
  /** Asks the host how it is. Of several on one host the first one's is used. */
  readonly status?: ((options: CallOptions) => Promise<HostStatus>) | undefined;
}

/** A member that may answer a request, and the model it would do so with. */
export interface Candidate<Of extends Member = Member> {
  readonly member: Of;
  readonly modelId: string;
}
