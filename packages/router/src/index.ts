export type { BalancedAttempt, BalancedRequest } from "./balanced-request.ts";
export type { Clock } from "./clock.ts";
export { type Balancer, type BalancerOptions, createBalancer, type Group } from "./create-balancer.ts";
export { createMemoryLimitStore, type MemoryLimitStoreOptions } from "./create-memory-limit-store.ts";
export { createRouter, type RoutedDeployment, type Router, type RouterOptions } from "./create-router.ts";
export { estimateTokens } from "./estimate-tokens.ts";
export type { LoadingModel } from "./host.ts";
export type { Allowance, LimitStore, Use } from "./limit-store.ts";
export type { Candidate, Member } from "./member.ts";
export type { MemberState } from "./member-state.ts";
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
export type { SharedState } from "./shared-state.ts";
export { type Conversation, toConversation } from "./to-conversation.ts";
