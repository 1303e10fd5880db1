/** A value whose absent members are not there at all, so that requests print, hash and compare as what they say. */
export function present<Value extends object>(
  value: { readonly [Key in keyof Value]: Value[Key] | null | undefined },
): Value {
  // Every contract type marks a member that may be undefined as optional, so leaving it out keeps the type.
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== null && member !== undefined),
  ) as Value;
}
