/** Where a proxy listens. */
export interface ListeningAt {
  readonly address: string;
  readonly port: number;
  readonly isTls: boolean;
}

/** The base URL to reach it from the same machine. */
export function toUrl({ address, port, isTls }: ListeningAt): string {
  return `http${isTls ? "s" : ""}://${reachable(address)}:${port}`;
}

function reachable(address: string): string {
  if (address === "0.0.0.0" || address === "::") return "127.0.0.1";
  return address.includes(":") ? `[${address}]` : address;
}
