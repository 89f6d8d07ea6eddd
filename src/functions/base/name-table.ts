// Names of functions and aggregates to their records.
// Invariant: a canonical name is found by itself; case matters unless the table is told otherwise.

type Named = {
  readonly name: string; readonly aliases?: readonly string[]
  /** Further names, which may be written in any case. */
  readonly anyCaseAliases?: readonly string[]
}

/** Names to records: exact ones, and in lower case those for which case does not matter. */
export class NameTable<T extends Named> {
  private readonly exact = new Map<string, T>()
  private readonly folded = new Map<string, T>()

  constructor(defs: readonly T[], isAnyCase: (def: T, name: string) => boolean) {
    for (const def of defs) {
      for (const name of [def.name, ...(def.aliases ?? [])]) {
        if (!this.exact.has(name)) this.exact.set(name, def)
        if (isAnyCase(def, name)) this.folded.set(name.toLowerCase(), def)
      }
      for (const alias of def.anyCaseAliases ?? []) this.folded.set(alias.toLowerCase(), def)
    }
  }

  find(name: string): T | null {
    return this.exact.get(name) ?? this.folded.get(name.toLowerCase()) ?? null
  }

  names(): string[] {
    return [...this.exact.keys()]
  }

  defs(): T[] {
    return [...new Set(this.exact.values())]
  }
}
