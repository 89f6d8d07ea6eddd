// What a rendering consists of besides its text: the literals that came from values, and where
// pieces of the text came from. writer.ts makes them, compose.ts moves them, the engine binds them
// to plans.

/** A literal in the rendered SQL that came from a value: `sql.slice(start, end)`. */
export type Slot = {
  readonly start: number
  readonly end: number
  /** The parameter's type: String, DateTime (written as a text), Bool (as 1 or 0), Int64 and other numbers of a
   * declared type (written as a call: `toInt64('5')`), Int and Float (digits, whose type their value decides). */
  readonly type: string
  readonly value: string | number | bigint | boolean
  /** True where the value is a secret and must not be logged. */
  readonly secret: boolean
  /** The first slot of the statement with this value, which this one stands for; absent: it is the first,
   * or nobody looked. */
  readonly sameAs?: number
}

/** Where pieces of the output came from: `marks[i]` the offset in the output, `marks[i + 1]` the
 * offset in the node's SQL, `marks[i + 2]` 1 where both run on together, 0 where the piece is a
 * value and all of it came from there. */
type Marks = readonly number[]

/** The pieces that a text was written of, one after the other. */
export type Pieces = {
  readonly texts: readonly string[]
  /** Those of them that are the text's slots. */
  readonly ofSlots: readonly number[]
}

/** A rendered node. Slots and marks are in order. */
export type NodeText = {
  readonly sql: string
  /** Of `sql`, which may not be joined yet. */
  readonly length: number
  readonly slots: readonly Slot[]
  readonly marks: Marks
  /** null: the slots are none of its pieces. */
  readonly pieces: Pieces | null
}
