// What is the same in every run of a plan (types, columns read, bound aggregates) is found once: a point
// query has hundreds of microseconds in all, and finding it anew takes many of them.
// Invariant: nodes and expressions of a plan never change, and what is kept of them goes with them.

/** `make` with its answers kept, as long as what they are about lives. */
export function perPlan<K extends object, V>(make: (of: K) => V): (of: K) => V {
  const known = new WeakMap<K, { readonly value: V }>()
  return (of) => {
    let entry = known.get(of)
    if (entry === undefined) known.set(of, entry = { value: make(of) })
    return entry.value
  }
}
