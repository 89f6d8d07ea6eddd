// By which buckets groups are found (group-table.ts):
//
//   dense   one bin of few bits: the key is its own bucket
//   direct  buckets are the widest word: rows near each other in it stay near each other here
//   hashed  buckets are a hash of all bins

import type { Layout } from './group-layout.ts'

export type Buckets = 'dense' | 'direct' | 'hashed'

/** Buckets of packed keys or of one word, at most … */
const DIRECT_BITS_MAX = 26
/** … and at most so many for each row seen and each group: clearing them costs too, and few groups are found as soon
 * by a hash. */
const DIRECT_BUCKETS_A_ROW = 16
const DIRECT_BUCKETS_A_GROUP = 64
const DIRECT_BUCKETS_FREE = 4096
/** ... and of the memory that a query may have no more than this: a hash does with what its groups need. */
const DIRECT_MEMORY_SHARE = 1 / 4
const BUCKET_BYTES = 4
/** Of fewer rows each may be a group: what was seen tells too little. */
const ROWS_TELLING = 65_536
/** Groups passed over for each row, from which on the widest word tells too little. */
const STEPS_A_ROW = 2
const STEPS_FREE = 16384

/** What a table has seen: rows, and the groups of them; `likely`: groups of a like query; `steps`: groups passed over
 * while buckets were the widest word; `limitBytes`: what the query may have. */
export type Seen = {
  readonly rows: number; readonly groups: number; readonly likely: number; readonly steps: number; readonly limitBytes: number
}

/** The buckets for what comes next. */
export function bucketsFor(
  { binCount, binBits, widestBits }: Pick<Layout, 'binCount' | 'binBits' | 'widestBits'>,
  { rows, groups, likely, steps, limitBytes }: Seen,
): Buckets {
  const expected = Math.max(groups, likely, rows < ROWS_TELLING ? rows : 0)
  const room = Math.max(DIRECT_BUCKETS_FREE, Math.min(rows * DIRECT_BUCKETS_A_ROW, expected * DIRECT_BUCKETS_A_GROUP,
    limitBytes * DIRECT_MEMORY_SHARE / BUCKET_BYTES))
  const fits = (bits: number) => bits <= DIRECT_BITS_MAX && 1 << bits <= room
  if (binCount === 1 && fits(binBits[0])) return 'dense'
  return fits(widestBits) && steps <= rows * STEPS_A_ROW + STEPS_FREE ? 'direct' : 'hashed'
}
