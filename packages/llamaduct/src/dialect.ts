import { later } from "./later.ts";

export type Dialect = typeof import("@llamaduct/openai-dialect");

/** All of the dialect, loaded by the first request that is no plain chat, or is wrong, and by who reads events. */
export const dialect: () => Promise<Dialect> = later(() => import("@llamaduct/openai-dialect"));
