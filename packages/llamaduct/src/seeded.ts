import type { Settings } from "@llamaduct/core";

/** The request for one of several choices: with one seed they would all be the same. */
export function seeded<Request extends { readonly settings?: Settings | undefined }>(
  request: Request,
  index: number,
): Request {
  const seed = request.settings?.seed;
  if (seed === undefined || index === 0) return request;
  return { ...request, settings: { ...request.settings, seed: seed + index } };
}
