/** A text without what looks like a key: some upstreams say in their errors what they were sent. */
export function redact(text: string): string {
  return text
    .replace(/\b(bearer|basic)\s+[^\s"',}]+/gi, "$1 ***")
    .replace(/((?:key|token|secret|password)["']?\s{0,2}[:=]\s{0,2}["']?)[^\s"',&}]+/gi, "$1***")
    .replace(/\b(sk|pk|key)-[\w-]{4,}/gi, "$1-***")
    .replace(/:\/\/[^\s/@]+@/g, "://***@");
}
