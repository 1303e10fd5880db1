/**
 * One text for every spelling of one model: servers look names up without regard to case, and fill in the registry, the
 * namespace `library` and the tag `latest`.
 */
export function modelKey(name: string): string {
  const parts = name
    .toLowerCase()
    .replace(/^https?:\/\//, "")
    .split("/");
  const model = parts.pop() ?? "";
  const place = parts.join("/").replace(/^registry\.ollama\.ai(\/|$)/, "");
  const tagged = model.includes(":") ? model : `${model}:latest`;
  return place === "" || place === "library" ? tagged : `${place}/${tagged}`;
}
