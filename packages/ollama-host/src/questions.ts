// What asks a server about its models, and reads replies that are no streams. Loaded by the first who asks: a chat does not.
export { createModelDescriber } from "./describe-models.ts";
export { parseEmbed } from "./embed-wire.ts";
export { hostStatus } from "./host-status.ts";
export { parsePs, parseShow, parseTags, parseVersion } from "./model-wire.ts";
