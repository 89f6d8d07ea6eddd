// What can be sent again: an insert or a bulk write of the simulator, with its idempotency key.

/** `outcome` null: nobody knows. */
export type Keyed = {
  readonly id: Uint8Array
  readonly names: readonly string[]
  readonly rows: readonly number[]
  /** Its key is forgotten with its table. */
  readonly isBulk: boolean
  outcome: boolean | null
  /** The disk refused to forget an attempt: it may show up after a restart, whatever later ones are told. */
  isInDoubt: boolean
  isUnderWay: boolean
}

/** `number`: unique over a run. */
export function keyedOf(number: number, names: readonly string[], rows: readonly number[], isBulk = false): Keyed {
  const id = Buffer.alloc(16)
  id.writeUInt32LE(number, 0)
  return { id, names, rows, isBulk, outcome: null, isInDoubt: false, isUnderWay: isBulk }
}

/** The key as part of a write. */
export const keyOf = ({ id, rows }: Keyed, atMs: number) => ({
  id, body: id, atMs,
  answer: { successful: rows.length, quarantined: 0, duplicates: 0, text: rows.length % 3 === 0 ? 'some text' : '' },
})
