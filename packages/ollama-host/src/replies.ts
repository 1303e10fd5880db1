// What is made of replies that are no streams. Loaded by the first of them: a chat has none.
export { parseEmbed } from "./embed-wire.ts";
export { parsePs, parseShow, parseTags, parseVersion } from "./model-wire.ts";
