// Whatever a server is asked that is no chat and no completion. Loaded by the first who asks it.
export { createModelDescriber } from "./describe-models.ts";
export { parseEmbed } from "./embed-wire.ts";
export { createEmbeddingModel } from "./embedding-model.ts";
export { hostStatus } from "./host-status.ts";
export { createLifeCycle } from "./life-cycle.ts";
export { parsePs, parseShow, parseTags, parseVersion } from "./model-wire.ts";
