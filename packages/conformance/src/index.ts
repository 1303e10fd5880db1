export { type ConformanceCase, conformanceCases } from "./conformance-cases.ts";
export type {
  Answer,
  AnswerUpstream,
  EmbeddingUpstream,
  Kind,
  ModelsUpstream,
  Reply,
  Skip,
  Target,
  Upstream,
  UpstreamRequest,
} from "./target.ts";
