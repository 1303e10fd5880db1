export { type OllamaVersion, type Recording, recording, recordings } from "./recordings.ts";
export { byteCuts, type ReplayedAnswer, type ReplayOptions, replayedAnswer } from "./replayed-answer.ts";
export type { Fault, Reply } from "./reply.ts";
export type { SeenRequest } from "./request-log.ts";
export { type Emulator, type EmulatorOptions, startEmulator } from "./start-emulator.ts";
