// Two answers as JSONCompact, and what differs between them: types exact, values exact, floats to 1e-9 of
// their size (Float32: 1e-5).

export type Answer = {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
}

/** Reads JSONCompact; integers beyond 2^53 as text, so that they stay exact. */
export function readAnswer(text: string): Answer {
  const exact = text.replace(/("(?:[^"\\]|\\.)*")|((?<![\d.eE+-])-?\d{16,}(?=[\],\s}]))/g,
    (all, string: string | undefined) => string ?? `"${all}"`)
  const { meta, data } = JSON.parse(exact) as { meta: Answer['columns']; data: unknown[][] }
  return { columns: meta, rows: data }
}

const NEAR = 1e-9
const NEAR_SINGLE = 1e-5

function isSame(a: unknown, b: unknown, near: number): boolean {
  if (a === b) return true
  if (typeof a === 'number' && typeof b === 'number') {
    return Math.abs(a - b) <= near * Math.max(Math.abs(a), Math.abs(b))
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, i) => isSame(value, b[i], near))
  }
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    const keys = Object.keys(a)
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key)
      && isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], near))
  }
  return false
}

/** Rows in an order that does not depend on the last digits of floats. */
function sorted(rows: Answer['rows']): Answer['rows'] {
  const short = (_: string, value: unknown): unknown =>
    (typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value)
  return rows.map((row) => ({ row, text: JSON.stringify(row, short) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)).map(({ row }) => row)
}

/** The first thing that differs, as a sentence; null: nothing. `inOrder`: the order of rows counts. */
export function difference(ours: Answer, theirs: Answer, inOrder: boolean): string | null {
  const names = (answer: Answer): string => answer.columns.map(({ name }) => name).join(', ')
  if (ours.columns.length !== theirs.columns.length) return `columns ${names(ours)} instead of ${names(theirs)}`
  for (const [i, { name, type }] of theirs.columns.entries()) {
    const mine = ours.columns[i]
    if (mine.name !== name) return `column ${i + 1} is named ${mine.name} instead of ${name}`
    if (mine.type !== type) return `column ${name} is ${mine.type} instead of ${type}`
  }
  if (ours.rows.length !== theirs.rows.length) return `${ours.rows.length} rows instead of ${theirs.rows.length}`
  const [a, b] = inOrder ? [ours.rows, theirs.rows] : [sorted(ours.rows), sorted(theirs.rows)]
  for (const [r, row] of b.entries()) {
    for (const [c, wanted] of row.entries()) {
      const { name, type } = theirs.columns[c]
      if (isSame(a[r][c], wanted, type.includes('Float32') ? NEAR_SINGLE : NEAR)) continue
      return `row ${r + 1}, ${name}: ${cut(a[r][c])} instead of ${cut(wanted)}`
    }
  }
  return null
}

const SHOWN_MAX = 120

function cut(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
}
