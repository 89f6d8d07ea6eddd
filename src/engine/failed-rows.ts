// Which rows of a part make a view fail: the part is halved as long as a half fails, until single rows
// are left. The view is then run once over all others.
//
//   views.ts: a view fails over a part -> findFailing() -> its good rows go in, the others aside
//
// Invariant: every row has at most one reason; rows without one were in no piece that failed for good.

/** Pieces that a view is tried on for one part: what is not told apart by then is set aside whole. */
const TRIES_MAX = 1024
/** Pieces of so few rows are tried row by row. */
const SINGLE_ROWS_MAX = 4
/** Pieces in work at once: two or three a worker. */
const PIECES_AT_ONCE = 8

/** Rows [from, to) of a part, over which the view failed so. */
type Piece = { readonly from: number; readonly to: number; readonly reason: string }

/** The reason of each row as number + 1, 0: none; and the reasons. */
export type Failing = { readonly reasonOf: Uint16Array; readonly reasons: readonly string[] }

/** Runs a view over some rows; the reason why it fails, null: it does not. */
export type Try = (from: number, to: number) => Promise<string | null>

/** The rows of a part over which a view fails, given that it fails over all of them together. */
export async function findFailing(rowCount: number, reason: string, attempt: Try): Promise<Failing> {
  const reasons = new Map<string, number>()
  const reasonOf = new Uint16Array(rowCount)
  const note = ({ from, to, reason: why }: Piece) => {
    if (!reasons.has(why)) reasons.set(why, reasons.size + 1)
    reasonOf.fill(reasons.get(why) as number, from, to)
  }
  const waiting: Piece[] = [{ from: 0, to: rowCount, reason }]
  let tries = 0
  while (waiting.length > 0) {
    const pieces = waiting.splice(0, PIECES_AT_ONCE)
    const found = await Promise.all(pieces.map(async (piece) => {
      const parts = tries < TRIES_MAX ? partsOf(piece) : []
      tries += parts.length
      return await failingParts(piece, parts, attempt)
    }))
    for (const piece of found.flat()) {
      if (piece.isSettled) note(piece)
      else waiting.push(piece)
    }
  }
  return { reasonOf, reasons: [...reasons.keys()] }
}

/** What of a piece fails by itself. Where no part does, it is all of them together. */
async function failingParts(
  piece: Piece, parts: readonly { from: number; to: number }[], attempt: Try,
): Promise<(Piece & { readonly isSettled: boolean })[]> {
  const tried = await Promise.all(parts.map(async ({ from, to }) => ({ from, to, reason: await attempt(from, to) })))
  const failing = tried.flatMap(({ from, to, reason }) =>
    (reason === null ? [] : [{ from, to, reason, isSettled: to - from === 1 }]))
  return failing.length > 0 ? failing : [{ ...piece, isSettled: true }]
}

function partsOf({ from, to }: Piece): { from: number; to: number }[] {
  const rows = to - from
  if (rows === 1) return []
  if (rows <= SINGLE_ROWS_MAX) return Array.from({ length: rows }, (_, i) => ({ from: from + i, to: from + i + 1 }))
  const middle = from + (rows >> 1)
  return [{ from, to: middle }, { from: middle, to }]
}

/** A bit a row, low first, 1: hidden; all but [from, to). */
export function allBut(rowCount: number, from: number, to: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(rowCount / 8)).fill(255)
  for (let row = from; row < to; row++) bits[row >> 3] &= ~(1 << (row & 7))
  return bits
}

/** Hides all rows but those of one reason (0: those of none). */
export function allButReason({ reasonOf }: Failing, reason: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(reasonOf.length / 8))
  for (let row = 0; row < reasonOf.length; row++) if (reasonOf[row] !== reason) bits[row >> 3] |= 1 << (row & 7)
  return bits
}
