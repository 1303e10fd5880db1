import type { Target } from "../target.ts";
import { config } from "./config.ts";
import { http } from "./http.ts";
import { ndjson } from "./ndjson.ts";
import { relay } from "./relay.ts";
import { requests } from "./requests.ts";
import { sse } from "./sse.ts";
import { toolCalls } from "./tool-calls.ts";

export const targets: readonly Target[] = [ndjson, sse, relay, requests, toolCalls, config, http];
