export type { Allowance, LimitStore, Use } from "./limit-store.ts";
export type {
  DeploymentRouting,
  FailureKind,
  FailurePolicy,
  LatencyOptions,
  QueueOptions,
  RoutingGroup,
  RoutingOptions,
  StatusOptions,
  Strategy,
  TagOptions,
} from "./routing-options.ts";
