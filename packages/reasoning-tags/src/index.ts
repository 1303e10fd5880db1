export { type ReasoningTagsOptions, reasoningTags } from "./reasoning-tags.ts";
