import { expect, it } from "vitest";
import { toModelList, toModelObject } from "./to-model-list.ts";

it("lists models in the order given, unknown facts filled in", () => {
  expect(toModelList([{ id: "b", created: 7, ownedBy: "me" }, { id: "a" }])).toStrictEqual({
    object: "list",
    data: [
      { id: "b", object: "model", created: 7, owned_by: "me" },
      { id: "a", object: "model", created: 0, owned_by: "llamaduct" },
    ],
  });
});

it("an empty list is a list", () => {
  expect(toModelList([])).toStrictEqual({ object: "list", data: [] });
});

it("K8: one model alone looks as it does in the list", () => {
  expect(toModelObject({ id: "ns/a:latest", created: 7, ownedBy: "me" })).toStrictEqual({
    id: "ns/a:latest",
    object: "model",
    created: 7,
    owned_by: "me",
  });
});
