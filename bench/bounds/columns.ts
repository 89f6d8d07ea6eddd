// What the columns of a table have in a store's segments.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readFooter } from '../../storage/part/footer.ts'

/** Bytes a row of each column, by its name: codes or values and their dictionaries, without postings, which no
 * line over all rows reads. The store has one table. */
export function columnBytes(folder: string): ReadonlyMap<string, number> {
  const bytes = new Map<string, number>()
  let rows = 0
  for (const name of readdirSync(join(folder, 'segments')).filter((each) => /^segment-\d+$/.test(each))) {
    const file = readFileSync(join(folder, 'segments', name))
    const footer = readFooter(name, file.length, (at, length) => file.subarray(at, at + length))
    rows += footer.rowCount
    for (const id of footer.columnIds) {
      const entry = footer.entry(id)
      if (entry === null) continue
      const { run: { starts }, blockCount, dictionary } = entry
      const end = starts[blockCount + (dictionary === null ? 0 : 1)]
      bytes.set(entry.name, (bytes.get(entry.name) ?? 0) + end - starts[0])
    }
  }
  if (rows === 0) throw new Error(`${folder} has no segments`)
  return new Map([...bytes].map(([name, all]) => [name, all / rows]))
}

/** The columns that a statement names; all of them where it asks for `*`. */
export function columnsIn(sql: string, names: Iterable<string>): string[] {
  const all = [...names]
  if (/SELECT \*/.test(sql)) return all
  const words = new Set(sql.match(/\w+/g))
  return all.filter((name) => words.has(name))
}
