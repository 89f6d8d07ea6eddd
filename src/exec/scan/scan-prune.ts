// Which rows of a table a scan has to look at: row sets and blocks ruled out by zone maps, strings that
// a dictionary does not have, postings where a string is rare. The result is a list of morsels.
// Invariant: a row that the condition keeps is in exactly one morsel.

import { BLOCK_ROWS_MAX } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { ColumnReader, RowSet, Zone } from '../../../storage/part/row-set.ts'
import { areAllDeleted, isDeleted } from '../../../storage/segment/delete-mask.ts'
import { perPlan } from '../runtime/per-plan.ts'
import { inZone, type Bound } from '../expressions/bounds.ts'
import { canLookThrough, lookedRows, lookedWork, SMALL_ROWS_MAX } from './looked-rows.ts'
import { isAmong } from './string-presence.ts'
import { NO_LIST } from './string-rows.ts'
import type { KnownRows } from './scan-row-set.ts'
import type { StringBound } from '../expressions/text-bounds.ts'

/** A piece of a scan: plain data, small, ≤ 2 ms of work. `via` < 0: blocks [from, to) of row set
 * `rowSet`; else rows of row sets [from, to) found by the postings of bound `via`. For leaves that
 * are no scans: rows [from, to). */
export type ScanPiece = {
  readonly rowSet: number; readonly from: number; readonly to: number; readonly via: number
}

/** What a scan considered and skipped. */
export type ScanCounts = {
  rowSets: number
  rowSetsSkippedByZone: number
  rowSetsSkippedByDictionary: number
  blocks: number
  blocksSkippedByZone: number
  /** Row sets of which only rows named by postings are read, and those rows. */
  rowSetsByPostings: number
  rowsByPostings: number
}

export const noCounts = (): ScanCounts => ({
  rowSets: 0, rowSetsSkippedByZone: 0, rowSetsSkippedByDictionary: 0, blocks: 0,
  blocksSkippedByZone: 0, rowSetsByPostings: 0, rowsByPostings: 0,
})

/** Blocks of a morsel of blocks. */
const BLOCKS_A_MORSEL = 8
/** Rows of a morsel of postings: gathering costs more a row than unpacking. */
const POSTING_ROWS_A_MORSEL = 16384
/** Postings are used up to this share of a row set's rows. */
const POSTINGS_SHARE = 1 / 64
/** Taken as the number of strings of a column without a dictionary: they hardly repeat. */
const PLAIN_STRINGS = 1024
/** Morsels of a large table grow beyond their size rather than become this many. */
const MORSELS_MAX = 2000

/** The rows of a row set that bound `via` names: by the postings of its strings' local codes, by a look through
 * `blocks` of it for its strings, or as they are known already (string-rows.ts). `rows`: those that are named, or
 * looked at. */
type Chosen = { readonly via: number; readonly rows: number } & (
  | { readonly codes: readonly number[]; readonly blocks: null; readonly listed: null }
  | { readonly codes: null; readonly blocks: readonly number[]; readonly listed: null }
  | { readonly codes: null; readonly blocks: null; readonly listed: KnownRows })

/** Bits of the row sets that may have a bound's strings (string-presence.ts); null: nothing is known. `readers`: of its
 * column, by row set. */
export type Present = (bound: StringBound, readers: readonly (ColumnReader | null)[]) => Uint32Array | null

/** The rows that a bound of one string chooses, by row set; null, or no list: not known (string-rows.ts). `readers`: as
 * of Present. */
export type ListedRows = (bound: StringBound, readers: readonly (ColumnReader | null)[]) => readonly (KnownRows | null)[]

/** Whether a block that is like others of its column has its strings in few rows, and a look at it tells which. */
export type IsRare = (bound: StringBound, reader: ColumnReader, block: number) => boolean

/** Pieces of a scan over `rowSets` under `bounds`. `columnIds[column]` names a bound's column;
 * `choices` is filled with how each row set is to be read. `rowsLeft`: of the rows to read, those that
 * are likely to have the strings asked for. `present`: what is known of the row sets that have them. `isRare`: asked
 * once for a bound that large row sets are to be looked through for. `listed`: rows that are known. */
export function planPieces(
  rowSets: readonly RowSet[], bounds: readonly Bound[], columnIds: readonly number[],
  choices: ReturnType<typeof chooseRows>[] = [], present: Present = () => null, isRare: IsRare = () => true,
  listed: ListedRows = () => NO_LIST,
): { pieces: ScanPiece[]; counts: ScanCounts; rows: number; rowsLeft: number } {
  const counts = noCounts()
  const pieces: ScanPiece[] = []
  let rows = 0
  let rowsLeft = 0
  counts.rowSets = rowSets.length
  counts.blocks = blocksOf(rowSets)
  const blocksAMorsel = Math.max(BLOCKS_A_MORSEL, Math.ceil(counts.blocks / MORSELS_MAX))
  /** `work`: as that of so many rows of postings. */
  let run: { via: number; from: number; work: number } | null = null
  const endRun = (at: number) => {
    if (run !== null) pieces.push({ rowSet: -1, from: run.from, to: at, via: run.via })
    run = null
  }
  // Of a range that takes in all rows no row set need be asked: a call for all times is common.
  const open: Bound[] = []
  const places: number[] = []
  const readers: (readonly (ColumnReader | null)[])[] = []
  for (let place = 0; place < bounds.length; place++) {
    const bound = bounds[place]
    if (isForAll(bound, rowSets, columnIds)) continue
    open.push(bound)
    places.push(place)
    readers.push(readersOf(rowSets, columnIds[bound.column]))
  }
  const only = onlyString(open)
  const lists = only === null ? NO_LIST : listed(only, readers[open.indexOf(only)])
  const place = only === null ? -1 : bounds.indexOf(only)
  const bits = lists.length > 0 ? null : rowSetsLeft(open, readers, present)
  const rare: boolean[] = []
  const areRare = ({ via, blocks }: Chosen, index: number): boolean => {
    const bound = bounds[via]
    if (blocks === null || bound.kind !== 'strings' || rowSets[index].rowCount <= SMALL_ROWS_MAX) return true
    const reader = readers[places.indexOf(via)][index]
    return reader !== null && (rare[via] ??= isRare(bound, reader, blocks[Math.floor(blocks.length / 2)]))
  }
  for (let index = 0; index < rowSets.length; index++) {
    if (bits !== null && !isAmong(bits, index)) {
      counts.rowSetsSkippedByDictionary++
      choices[index] = 'skip'
      continue
    }
    const rowSet = rowSets[index]
    const chosen = choices[index] = (only === null || lists.length === 0 ? null : chooseListed(lists[index], readers, index, rowSet, open, only, place, counts))
      ?? choose(readers, index, rowSet, open, places, counts)
    if (chosen === 'skip') continue
    if (chosen === 'blocks' || !areRare(chosen, index)) {
      choices[index] = 'blocks'
      endRun(index)
      const added = addBlocks(pieces, rowSet, index, open, columnIds, blocksAMorsel, counts)
      rows += added
      rowsLeft += added * shareLeft(readers, index, open)
      continue
    }
    rows += chosen.rows
    if (chosen.blocks !== null) rowsLeft += chosen.rows * shareLeft(readers, index, open)
    else {
      counts.rowSetsByPostings++
      counts.rowsByPostings += chosen.rows
      rowsLeft += chosen.rows
    }
    const work = chosen.blocks !== null ? lookedWork(chosen.rows) : chosen.rows
    if (run !== null && (run.via !== chosen.via || run.work + work > POSTING_ROWS_A_MORSEL)) endRun(index)
    run ??= { via: chosen.via, from: index, work: 0 }
    run.work += work
  }
  endRun(rowSets.length)
  return { pieces, counts, rows, rowsLeft }
}

/** The bound of strings, where there is one and it is of one string. */
function onlyString(bounds: readonly Bound[]): StringBound | null {
  let only: StringBound | null = null
  for (const bound of bounds) {
    if (bound.kind !== 'strings') continue
    if (only !== null || bound.values.length !== 1) return null
    only = bound
  }
  return only
}

/** As choose(), of a row set whose rows are known; null: they are not, or choose() would not pick rows there, as
 * others that know nothing of them have to do. */
function chooseListed(
  listed: KnownRows | null, readers: readonly (readonly (ColumnReader | null)[])[], index: number, rowSet: RowSet,
  bounds: readonly Bound[], only: StringBound, via: number, counts: ScanCounts,
): Chosen | 'skip' | null {
  const reader = readers[bounds.indexOf(only)][index]
  if (listed === null || reader === null || !areFew(listed.rows.length, rowSet.rowCount)) return null
  if (!reader.hasPostings && !canLookThrough(rowSet, reader, only)) return null
  if (isRuledOut(readers, index, bounds)) {
    counts.rowSetsSkippedByZone++
    return 'skip'
  }
  if (listed.rows.length > 0) return { via, rows: listed.rows.length, codes: null, blocks: null, listed }
  counts.rowSetsSkippedByDictionary++
  return 'skip'
}

/** Rows that are better picked than read with their blocks. */
const areFew = (rows: number, rowCount: number): boolean => rows <= Math.max(8, rowCount * POSTINGS_SHARE)

/** Whether no row of a row set is in the range of some bound on numbers. */
function isRuledOut(readers: readonly (readonly (ColumnReader | null)[])[], index: number, bounds: readonly Bound[]): boolean {
  for (let via = 0; via < bounds.length; via++) {
    const [bound, reader] = [bounds[via], readers[via][index]]
    if (bound.kind === 'range' && reader !== null && inZone(bound, reader.zone) === 'none') return true
  }
  return false
}

/** Bits of the row sets that may have a string of each bound; null: nothing is known. */
function rowSetsLeft(
  bounds: readonly Bound[], readers: readonly (readonly (ColumnReader | null)[])[], present: Present,
): Uint32Array | null {
  let left: Uint32Array | null = null
  for (let via = 0; via < bounds.length; via++) {
    const bound = bounds[via]
    const found = bound.kind === 'strings' ? present(bound, readers[via]) : null
    if (left === null || found === null) left ??= found
    else for (let word = 0; word < left.length; word++) left[word] &= found[word]
  }
  return left
}

/** Share of a row set's rows that hold the strings asked for, as far as its dictionaries tell. */
function shareLeft(
  readers: readonly (readonly (ColumnReader | null)[])[], index: number, bounds: readonly Bound[],
): number {
  let share = 1
  for (let via = 0; via < bounds.length; via++) {
    const bound = bounds[via]
    const reader = readers[via][index]
    if (bound.kind !== 'strings' || reader === null) continue
    const strings = reader.distinctCount < 0 ? PLAIN_STRINGS : reader.distinctCount
    share = Math.min(share, bound.values.length / Math.max(1, strings))
  }
  return share
}

/** One column of all row sets of a list. A point query asks for the same ones as the query before it. */
function readersOf(rowSets: readonly RowSet[], columnId: number): readonly (ColumnReader | null)[] {
  const known = knownReaders(rowSets)
  let readers = known.get(columnId)
  if (readers === undefined) known.set(columnId, readers = rowSets.map((rowSet) => rowSet.column(columnId)))
  return readers
}

/** Whether a condition holds for all rows of a list, as far as their zones tell. */
export const isForAll = (bound: Bound, rowSets: readonly RowSet[], columnIds: readonly number[]): boolean =>
  bound.kind === 'range' && inZone(bound, zoneOf(rowSets, columnIds[bound.column])) === 'all'

/** The zone of a column over all row sets of a list; null: unknown. */
function zoneOf(rowSets: readonly RowSet[], columnId: number): Zone | null {
  const known = knownZones(rowSets)
  let zone = known.get(columnId)
  if (zone === undefined) known.set(columnId, zone = joined(readersOf(rowSets, columnId)))
  return zone
}

const blocksOf = perPlan((list: readonly RowSet[]): number => list.reduce((sum, { blockCount }) => sum + blockCount, 0))

const knownZones = perPlan((_list: readonly RowSet[]) => new Map<number, Zone | null>())

function joined(readers: readonly (ColumnReader | null)[]): Zone | null {
  let all: { min: number | bigint; max: number | bigint; nullCount: number } | null = null
  for (const reader of readers) {
    const zone = reader?.zone ?? null
    if (zone === null || typeof zone.min === 'object' || typeof zone.max === 'object') return null
    const { min, max, nullCount } = zone
    if (all === null) all = { min, max, nullCount }
    else {
      if (min < all.min) all.min = min
      if (max > all.max) all.max = max
      all.nullCount += nullCount
    }
  }
  return all
}

const knownReaders = perPlan((_list: readonly RowSet[]) => new Map<number, readonly (ColumnReader | null)[]>())

/** How a row set is to be read. */
export function chooseRows(
  rowSet: RowSet, bounds: readonly Bound[], columnIds: readonly number[], counts: ScanCounts,
): Chosen | 'skip' | 'blocks' {
  const readers = bounds.map(({ column }) => [rowSet.column(columnIds[column])])
  return choose(readers, 0, rowSet, bounds, null, counts)
}

/** `readers`: by bound, and among those by row set; it is row set `index` that is looked at. `places`: the
 * numbers of the bounds among all of the scan; null: they are all. */
function choose(
  readers: readonly (readonly (ColumnReader | null)[])[], index: number, rowSet: RowSet,
  bounds: readonly Bound[], places: readonly number[] | null, counts: ScanCounts,
): Chosen | 'skip' | 'blocks' {
  const { rowCount } = rowSet
  let best: Chosen | null = null
  let looked = -1
  // Numbers first: where they rule a row set out, its dictionaries stay closed.
  if (isRuledOut(readers, index, bounds)) {
    counts.rowSetsSkippedByZone++
    return 'skip'
  }
  for (let via = 0; via < bounds.length; via++) {
    const [bound, reader] = [bounds[via], readers[via][index]]
    if (bound.kind === 'range' || reader === null) continue
    // A dictionary knows which strings are there; of ends that are strings only the zone tells.
    if ((bound.kind === 'texts' || reader.distinctCount < 0) && inZone(bound, reader.zone) === 'none') {
      counts.rowSetsSkippedByZone++
      return 'skip'
    }
    if (bound.kind === 'texts') continue
    const codes = localCodes(reader, bound)
    const found = postingRows(reader, codes)
    if (found === 0) {
      counts.rowSetsSkippedByDictionary++
      return 'skip'
    }
    const place = places === null ? via : places[via]
    if (found < 0) {
      if (looked < 0 && canLookThrough(rowSet, reader, bound)) looked = place
    } else if (areFew(found, rowCount) && (best === null || found < best.rows)) {
      best = { via: place, rows: found, codes, blocks: null, listed: null }
    }
  }
  if (best !== null) return best
  if (looked < 0) return 'blocks'
  const blocks: number[] = []
  let rows = 0
  for (let block = 0; block < rowSet.blockCount; block++) {
    if (isGone(rowSet, block) || isOutside(readers, index, bounds, block)) continue
    rows += rowSet.blockRows(block)
    blocks.push(block)
  }
  counts.blocksSkippedByZone += rowSet.blockCount - blocks.length
  return blocks.length === 0 ? 'skip' : { via: looked, rows, codes: null, blocks, listed: null }
}

/** Whether a block's zones say that a bound leaves none of its rows. */
function isOutside(
  readers: readonly (readonly (ColumnReader | null)[])[], index: number, bounds: readonly Bound[], block: number,
): boolean {
  for (let via = 0; via < bounds.length; via++) {
    if (inZone(bounds[via], readers[via][index]?.blockZone(block) ?? null) === 'none') return true
  }
  return false
}

/** Local codes of a bound's strings that a row set has; none where its column has no dictionary. */
function localCodes({ dictionary }: ColumnReader, bound: StringBound): number[] {
  const codes: number[] = []
  if (dictionary === null) return codes
  for (const value of bound.values) {
    const code = dictionary.find(value)
    if (code >= 0) codes.push(code)
  }
  return codes
}

/** Rows that have one of the codes; 0: none, -1: unknown. */
function postingRows(reader: ColumnReader, codes: readonly number[]): number {
  if (reader.distinctCount < 0) return -1
  if (codes.length > 0 && !reader.hasPostings) return -1
  let rows = 0
  for (const code of codes) rows += reader.postingsCount(code)
  return rows
}

/** Whether deletes, or the piece of a segment that is read, leave no row of a block. */
const isGone = ({ deleted, blockRows }: RowSet, block: number): boolean => deleted !== null
  && areAllDeleted(deleted, block * BLOCK_ROWS_MAX, block * BLOCK_ROWS_MAX + blockRows(block))

/** Block morsels of a row set; answers the rows in them. */
function addBlocks(
  pieces: ScanPiece[], rowSet: RowSet, index: number, bounds: readonly Bound[],
  columnIds: readonly number[], blocksAMorsel: number, counts: ScanCounts,
): number {
  const open = openBounds(rowSet, bounds, columnIds)
  let rows = 0
  let from = -1
  for (let block = 0; block <= rowSet.blockCount; block++) {
    const isThere = block < rowSet.blockCount && !isGone(rowSet, block)
    const isWanted = isThere && open.every(
      (bound) => inZone(bound, rowSet.column(columnIds[bound.column])?.blockZone(block) ?? null) !== 'none')
    if (isWanted) rows += rowSet.blockRows(block)
    else if (isThere) counts.blocksSkippedByZone++
    if (from >= 0 && (!isWanted || block - from >= blocksAMorsel)) {
      pieces.push({ rowSet: index, from, to: block, via: -1 })
      from = -1
    }
    if (isWanted && from < 0) from = block
  }
  return rows
}

/** Bounds that not all rows of the row set are known to fulfil. */
export function openBounds(
  rowSet: RowSet, bounds: readonly Bound[], columnIds: readonly number[]): Bound[] {
  return bounds.filter((bound) => {
    const reader = rowSet.column(columnIds[bound.column])
    return reader !== null && inZone(bound, reader.zone) !== 'all'
  })
}

/** The rows of a choice that are not deleted, ascending and in ordinary memory; null: whole blocks must be read to tell. */
export function rowsOf(
  rowSet: RowSet, reader: ColumnReader, bound: StringBound, { codes, blocks, listed }: Chosen, scratch: MemoryAccount,
): Uint32Array | null {
  const { deleted } = rowSet
  const rows = listed !== null ? listed.rows
    : codes === null ? lookedRows(rowSet, reader, bound, blocks, scratch)
    : codes.length === 1 ? reader.postings(codes[0]) : merged(codes.map((code) => reader.postings(code)))
  return rows === null || deleted === null ? rows : rows.filter((row) => !isDeleted(deleted, row))
}

/** Ascending lists without common members, as one. */
function merged(lists: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(lists.reduce((sum, list) => sum + list.length, 0))
  let at = 0
  for (const list of lists) {
    all.set(list, at)
    at += list.length
  }
  return all.sort()
}
