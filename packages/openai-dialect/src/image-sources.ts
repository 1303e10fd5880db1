/** Where a request names an image: a data URL, base64 or a URL, and the field's dotted path as the decoders spell it. */
export interface ImageSource {
  readonly source: string;
  readonly setting: string;
}

/**
 * The images of a request body: `image_url` parts, and `images` of messages and of the body itself. Shapes that the
 * decoders refuse are left for them to refuse.
 */
export function imageSources(body: unknown): readonly ImageSource[] {
  const found: ImageSource[] = [];
  visitSources(body, (source, setting) => {
    found.push({ source, setting });
    return source;
  });
  return found;
}

/** The body with other sources in place of those that `imageSources` finds, in its order. The body is not changed. */
export function replaceImageSources<Body>(body: Body, sources: readonly string[]): Body {
  const left = sources.values();
  // Only texts are replaced, so it is of the same shape.
  return visitSources(body, (source) => left.next().value ?? source) as Body;
}

type Visit = (source: string, setting: string) => string;

function visitSources(body: unknown, visit: Visit): unknown {
  const withMessages = mapMember(body, "messages", (messages) =>
    mapItems(messages, (message, index) => visitMessage(message, `messages.${index}`, visit)),
  );
  return visitImages(withMessages, "images", visit);
}

function visitMessage(message: unknown, path: string, visit: Visit): unknown {
  const withContent = mapMember(message, "content", (content) =>
    mapItems(content, (part, index) =>
      mapMember(part, "image_url", (image) => visitImage(image, `${path}.content.${index}.image_url`, visit)),
    ),
  );
  return visitImages(withContent, `${path}.images`, visit);
}

function visitImages(owner: unknown, path: string, visit: Visit): unknown {
  return mapMember(owner, "images", (images) =>
    mapItems(images, (image, index) => (typeof image === "string" ? visit(image, `${path}.${index}`) : image)),
  );
}

function visitImage(image: unknown, setting: string, visit: Visit): unknown {
  return typeof image === "string"
    ? visit(image, setting)
    : mapMember(image, "url", (url) => (typeof url === "string" ? visit(url, setting) : url));
}

function mapMember(value: unknown, name: string, change: (member: unknown) => unknown): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return value;
  // Any object may be asked for any key.
  const old = (value as Readonly<Record<string, unknown>>)[name];
  const member = change(old);
  return member === old ? value : { ...value, [name]: member };
}

function mapItems(value: unknown, change: (item: unknown, index: number) => unknown): unknown {
  if (!Array.isArray(value)) return value;
  const items = value.map(change);
  return items.every((item, index) => item === value[index]) ? value : items;
}
