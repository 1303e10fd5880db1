// The work that is no chat. Loaded by the first who asks for some: most who call a model only chat.
export { completeText } from "./complete-text.ts";
export { embed } from "./embed.ts";
export { createModelLister, describeModels, retrieveModel } from "./list-models.ts";
