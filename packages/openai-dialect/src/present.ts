/** A value whose absent members are not there at all, so that requests print, hash and compare as what they say. */
export function present<Value extends object>(
  value: { readonly [Key in keyof Value]: Value[Key] | null | undefined },
): Value {
  const there: { [Key in keyof Value]?: Value[Key] } = {};
  for (const key in value) {
    const member = value[key];
    if (member !== null && member !== undefined) there[key] = member;
  }
  // Every contract type marks a member that may be undefined as optional, so leaving it out keeps the type.
  return there as Value;
}
