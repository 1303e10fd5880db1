import { fullModelName } from "./model-name.ts";
import { type OllamaVersion, type Recording, recording, recordings } from "./recordings.ts";

/** What a model can do, in Ollama's own words. */
export type Capability = "completion" | "tools" | "thinking" | "insert" | "embedding";

/** One entry of the recorded `/api/tags`. */
export interface InstalledModel {
  readonly name: string;
  readonly modified_at: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The installed model of that name in any spelling (`plain`, `PLAIN:latest`, `library/plain`), or undefined. */
export function installedModel(version: OllamaVersion, name: string): InstalledModel | undefined {
  // A recorded body of this package, read by a test for every model.
  const tags = JSON.parse(recording(version, "tags").chunks.join("")) as { readonly models: readonly InstalledModel[] };
  return tags.models.find((model) => fullModelName(model.name) === fullModelName(name));
}

/**
 * What the server enforces and `/api/show` reports (recordings/PROVENANCE.md). Not taken from the recorded tags: 0.24.0
 * does not list capabilities there, 0.33.0 misses those of the GGUFs that bring their own template.
 */
export function capabilitiesOf(version: OllamaVersion, model: InstalledModel): readonly Capability[] {
  switch (model.name.replace(/:latest$/, "")) {
    case "tools":
    case "multitools":
    case "tagcall":
    case "prosecall":
      return ["completion", "tools"];
    case "native":
    case "native-broken":
      return version === "0.24.0" ? ["completion"] : ["tools", "completion"];
    case "thinker":
      return ["completion", "thinking"];
    case "thinkcall":
      return ["completion", "tools", "thinking"];
    case "coder":
      return ["completion", "insert"];
    case "embedder":
      return ["embedding"];
    default:
      return ["completion"];
  }
}

/**
 * The `/api/show` body of a model: as recorded, or, for the models whose body was not, that of a recorded model with the
 * same capabilities (else of `plain`) with this model's name, details, capabilities and date put in.
 */
export function showAnswer(version: OllamaVersion, model: InstalledModel): Recording {
  const shows = recordings(version).filter((each) => each.name.startsWith("show-") && each.status === 200);
  const own = shows.find((each) => fullModelName(shownModel(each)) === fullModelName(model.name));
  if (own !== undefined) return own;

  const capabilities = capabilitiesOf(version, model);
  const alike = shows.find((each) => sameList(shownBody(each).capabilities, capabilities));
  const base = alike ?? recording(version, "show-plain");
  const recorded = shownBody(base);
  const { context_length: _, embedding_length: __, ...details } = model.details;
  const body = {
    ...recorded,
    modelfile: recorded.modelfile.replace(`# FROM ${shownModel(base)}:latest`, `# FROM ${model.name}`),
    details: { ...details, parent_model: recorded.details.parent_model },
    capabilities,
    modified_at: model.modified_at,
  };
  return { ...base, chunks: [goJson(body)] };
}

function shownModel(show: Recording): string {
  // Every show-* recording that was answered with 200 asked by `model`.
  return (show.request.body as { readonly model: string }).model;
}

function shownBody(show: Recording): ShowBody {
  // Recorded bodies of this package; a test asks for every model's.
  return JSON.parse(show.chunks.join("")) as ShowBody;
}

interface ShowBody {
  readonly modelfile: string;
  readonly details: { readonly parent_model: string };
  readonly capabilities: readonly string[];
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}

function goJson(value: unknown): string {
  const escapes: Record<string, string> = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026" };
  return JSON.stringify(value).replace(/[<>&]/g, (character) => escapes[character] ?? character);
}
