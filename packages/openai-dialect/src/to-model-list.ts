/** What `GET /v1/models` answers. */
export interface ModelList {
  readonly object: "list";
  readonly data: readonly ListedModel[];
}
export interface ListedModel {
  readonly id: string;
  readonly object: "model";
  /** Seconds since 1970; 0 when nobody knows. */
  readonly created: number;
  readonly owned_by: string;
}
export interface ModelListing {
  readonly id: string;
  /** Seconds since 1970. */
  readonly created?: number | undefined;
  readonly ownedBy?: string | undefined;
}

/** Models in the order given. */
export function toModelList(models: readonly ModelListing[]): ModelList {
  return { object: "list", data: models.map(toModelObject) };
}

/** What `GET /v1/models/{id}` answers. */
export function toModelObject({ id, created = 0, ownedBy = "llamaduct" }: ModelListing): ListedModel {
  return { id, object: "model", created, owned_by: ownedBy };
}
