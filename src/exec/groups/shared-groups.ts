// A GROUP BY of very many groups, shared out by a hash of its keys: rows go to the table of their part,
// tables that have grown go as partial states into shared memory and begin anew, and in the end each part is
// merged by itself, in whichever worker has time. So no table is ever larger than a part of all groups, and
// none has all of them (radix partitioning: Boncz, Manegold, Kersten, Database Architecture Optimized for the
// New Bottleneck: Memory Access, VLDB 1999; of aggregates: Kuiper, Boncz, Mühleisen, Robust External Hash
// Aggregation in the Solid State Age, ICDE 2024).
//
//   chunk: | starts: u32 a part, and the end | partial state of part 0 | of part 1 | ...   each to 8 bytes
//
// Where keys hardly repeat, tables find nothing twice: then rows go into shared memory as they are.
//
// Invariant: groups of equal keys are of one part in every worker (key-hashes.ts).

import type { Block, Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { EvalContext } from '../../functions/values/function.ts'
import { asBytes, take } from '../../functions/values/vectors.ts'
import { flattenBlock, restoreBlock, withLastingTexts, type FlatBlock } from '../blocks/block-codec.ts'
import { Groups, newHabits, type GroupsPartial, type GroupSpec } from './groups.ts'
import { KeptRows } from '../blocks/kept-rows.ts'
import { KeyHashes } from '../keys/key-hashes.ts'
import { packPlain, unpackPlain, type PackedPlain } from '../blocks/packed-plain.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { takeRows } from '../expressions/short-circuit.ts'
import { inPieces, sliceBlock, sliceVector } from '../blocks/slice.ts'
import type { Chunk, SharedStates } from '../runtime/shared-states.ts'

const PART_BITS = 5
export const PARTS = 2 ** PART_BITS
const STARTS_BYTES = Math.ceil((PARTS + 1) * 4 / 8) * 8
/** Tables go into shared memory when they take so much of what the query may hold in a worker. */
const FLUSH_SHARE = 1 / 2
/** Fewer groups than this share of what is usual are not worth a chunk, whatever they take. */
const FULL_SHARE = 1 / 16
/** Keys that come more often, on average, stay in their tables: what goes would only come again. */
const ROWS_A_KEY = 2

/** Codes of a dictionary that tables of parts keep as they are. */
const CODES_MAX = 8192
/** From this share of distinct keys among rows on, rows are worth no table before they are merged. */
export const UNIQUE_SHARE = 3 / 4

/** Groups are packed before they are refused: that is for no block to do again. */
const ASK_AGAIN = 1.5

/** Groups, or rows: their keys, then what aggregates read of them. */
type PartPartial = { readonly groups: GroupsPartial; readonly rows: null } | { readonly groups: null; readonly rows: FlatBlock }

export class SharedGroups {
  /** What lies in shared memory, of all workers that are known here. */
  readonly chunks: Chunk[] = []
  private readonly spec: GroupSpec
  private readonly shared: SharedStates
  private readonly runtime: Runtime
  private readonly account: MemoryAccount
  private readonly hashes: KeyHashes
  /** The columns that are keys or that aggregates read. */
  private readonly columns: readonly number[]
  private parts: Groups[]
  /** Rows that are yet to be shared out; null: they go into tables. */
  private rows: KeptRows | null = null
  private readonly rowsAccount: MemoryAccount
  /** Groups from which on shared memory that had no room is asked again. */
  private askFrom = 0
  private readonly habits = newHabits()
  /** Of the part that is being merged. */
  private readonly merging: MemoryAccount
  private readonly mergedHabits = newHabits()

  constructor(spec: GroupSpec, shared: SharedStates, runtime: Runtime) {
    this.spec = spec
    this.shared = shared
    this.runtime = runtime
    this.account = runtime.newPart()
    this.merging = runtime.newPart()
    this.hashes = new KeyHashes(spec.types, PART_BITS, runtime.durable)
    this.columns = [...new Set([...spec.keys, ...spec.aggregates.flatMap(({ args }) => args)])]
    this.rowsAccount = runtime.newPart()
    this.parts = this.tables()
  }

  /** Empty tables of all parts; they lie on an account that is emptied whenever they go. */
  private tables(): Groups[] {
    const runtime = this.runtimeOn(this.account, Math.ceil(this.shared.flushFrom / PARTS))
    return Array.from({ length: PARTS }, () => new Groups(this.spec, this.habits, runtime))
  }

  /** For a table of about so many groups. */
  private runtimeOn(account: MemoryAccount, groupCount: number): Runtime {
    const durable: EvalContext = { ...this.runtime.durable, account, expectedRows: () => groupCount }
    return { ...this.runtime, durable }
  }

  /** Groups that lie here and not in shared memory. */
  get groupCount(): number { return this.parts.reduce((sum, part) => sum + part.groupCount, 0) }

  /** Bytes that they take of the query's account, here and in shared memory. */
  get usedBytes(): number {
    return this.account.usedBytes + this.rowsAccount.usedBytes + this.merging.usedBytes + this.chunkBytes
  }

  private get chunkBytes(): number { return this.chunks.reduce((sum, { bytes }) => sum + bytes, 0) }

  /** Forgets all groups; who handed out shared memory frees it. */
  clear(): void {
    this.runtime.durable.account.discharge(this.chunkBytes)
    this.chunks.length = 0
    for (const account of [this.account, this.rowsAccount]) account.releaseAll()
    this.parts = this.tables()
    if (this.rows !== null) this.rows = new KeptRows(this.rowsAccount)
    this.askFrom = 0
  }

  /** How many distinct keys were shared out, about. */
  get groupsSeen(): number { return Math.round(this.hashes.distinct()) }

  push(block: Block, keys: readonly Vector[]): void {
    const { rowCount } = block
    const given: Vector[] = [...block.columns]
    this.plainKeys(keys, this.runtime.scratch.account).forEach((key, i) => { given[this.spec.keys[i]] = key })
    const columns = this.columns.map((column) => given[column])
    if (this.rows !== null) this.rows.add({ rowCount, columns })
    else {
      const { sorted, starts } = this.sortedByPart({ rowCount, columns })
      const whole = this.inPlace(sorted)
      this.eachPart(starts, (part, from, to) => part.push(sliceBlock(whole, from, to)))
    }
    this.flushIfLarge()
  }

  /** Codes of a large dictionary as texts: each of many tables would keep what every code is there. */
  private plainKeys(keys: readonly Vector[], account: MemoryAccount): readonly Vector[] {
    return keys.map((key) => (key.kind === 'codes' && key.dictionary.size > CODES_MAX ? asBytes(key, account) : key))
  }

  /** Rows in the order of their parts, in scratch memory. */
  private sortedByPart(block: Block): { readonly sorted: Block; readonly starts: Uint32Array } {
    const keys = this.spec.keys.map((column) => block.columns[this.columns.indexOf(column)])
    const { rows, starts } = this.hashes.share(keys, block.rowCount, this.runtime.scratch)
    return { sorted: takeRows(block, rows, this.runtime), starts }
  }

  /** Columns by the numbers that aggregates know them by. */
  private inPlace({ rowCount, columns }: Block): Block {
    const placed: Vector[] = []
    this.columns.forEach((column, i) => { placed[column] = columns[i] })
    return { rowCount, columns: placed }
  }

  private eachPart(starts: Uint32Array, visit: (part: Groups, from: number, to: number) => void): void {
    for (let p = 0; p < PARTS; p++) if (starts[p + 1] > starts[p]) visit(this.parts[p], starts[p], starts[p + 1])
  }

  /** Takes in groups of so many rows that are not shared out. */
  absorb(groups: Groups, rowCountIn: number): void {
    const { runtime } = this
    // Who pushes may still hold scratch memory of the block.
    const scratch: EvalContext = { ...runtime.scratch, account: runtime.newScratch() }
    const { account } = scratch
    this.hashes.rowsSeen += Math.max(0, rowCountIn - groups.groupCount)
    groups.eachState((given, states, rowCount) => {
      // What the groups' table calls its strings goes with it.
      const keys = this.plainKeys(given.map((key) => withLastingTexts(key, account)), account)
      const { rows, starts } = this.hashes.share(keys, rowCount, scratch)
      const [sortedKeys, sortedStates] = [keys, states].map((vectors) =>
        vectors.map((vector) => take(vector, rows, rowCount, account)))
      this.eachPart(starts, (part, from, to) => part.addStates(
        sortedKeys.map((key) => sliceVector(key, from, to)),
        sortedStates.map((state) => sliceVector(state, from, to)), to - from))
      account.releaseAll()
    })
    this.flushIfLarge()
  }

  private flushIfLarge(): void {
    const { account, rowsAccount, shared, hashes } = this
    const isFull = account.usedBytes + rowsAccount.usedBytes > account.limitBytes * FLUSH_SHARE
    const count = this.groupCount + (this.rows?.rowCount ?? 0)
    if (count < Math.max(this.askFrom, shared.flushFrom * (isFull ? FULL_SHARE : 1))) return
    if (!isFull && this.rows === null && hashes.rowsSeen > hashes.distinct() * ROWS_A_KEY) return
    if (this.flush()) this.keepRows(hashes.distinct() > hashes.rowsSeen * UNIQUE_SHARE)
    else this.askFrom = count * ASK_AGAIN
  }

  /** Whether rows go into shared memory as they are from now on: keys hardly repeat. */
  keepRows(isUnique: boolean): void {
    if (isUnique) this.rows ??= new KeptRows(this.rowsAccount)
    else if (this.rows?.rowCount === 0) this.rows = null
  }

  /** All that lies here, as chunks. False: there is no room for it, and it stays. `isLast`: it is the answer of this
   * worker. */
  flush(isLast = false): boolean {
    this.endRows(isLast)
    if (this.groupCount === 0) return true
    const packed = this.parts.map((part) => (part.groupCount === 0 ? null
      : packPlain({ groups: part.exportPartial(), rows: null } satisfies PartPartial)))
    if (!this.addChunk(packed, isLast)) return false
    this.account.releaseAll()
    this.parts = this.tables()
    return true
  }

  /** Rows that were kept as they are go into a chunk or, where there is no room for it, into tables: before parts
   * are merged. */
  endRows(isLast = false): void {
    const { rows, rowsAccount, runtime: { scratch } } = this
    if (rows === null || rows.rowCount === 0) return
    const { sorted, starts } = this.sortedByPart(rows.join(rows.blocks[0].columns.map(({ type }) => type)))
    const packed = this.parts.map((_, p) => (starts[p] === starts[p + 1] ? null : packPlain({
      groups: null, rows: flattenBlock(sliceBlock(sorted, starts[p], starts[p + 1]), scratch.account),
    } satisfies PartPartial)))
    if (!this.addChunk(packed, isLast)) {
      const whole = this.inPlace(sorted)
      this.eachPart(starts, (part, from, to) => inPieces(sliceBlock(whole, from, to), (piece) => part.push(piece)))
    }
    rowsAccount.releaseAll()
    this.rows = new KeptRows(rowsAccount)
  }

  private addChunk(packed: readonly (PackedPlain | null)[], isLast: boolean): boolean {
    const bytes = packed.reduce((sum, part) => sum + packedBytes(part), STARTS_BYTES)
    const chunk = this.shared.allocate(bytes, isLast)
    if (chunk === null) return false
    this.runtime.durable.account.charge(bytes)
    this.write(packed, this.shared.bytes(chunk))
    this.chunks.push(chunk)
    return true
  }

  private write(packed: readonly (PackedPlain | null)[], target: Uint8Array): void {
    const starts = new Uint32Array(target.buffer, target.byteOffset, PARTS + 1)
    let at = STARTS_BYTES
    packed.forEach((part, p) => {
      starts[p] = at
      part?.writeTo(target.subarray(at))
      at += packedBytes(part)
    })
    starts[PARTS] = at
  }

  /** Chunks of another worker, which are this query's from now on. */
  adopt(chunks: readonly Chunk[]): void {
    for (const chunk of chunks) {
      this.runtime.durable.account.charge(chunk.bytes)
      this.chunks.push(chunk)
    }
  }

  /** The rows of a part's groups, of all chunks and of what lies here; answers how many groups there are. In steps,
   * one for each partial state: others may have their turn between them. */
  *mergePart(p: number, push: (piece: Block) => void): Generator<void, number> {
    const { runtime, chunks, merging, parts } = this
    const partials = chunks.flatMap((chunk) => this.partial(chunk, p) ?? [])
    if (parts[p].groupCount > 0) partials.push({ groups: parts[p].exportPartial(), rows: null })
    const likely = partials.reduce((sum, { groups, rows }) => sum + (rows === null ? groups.groupCount : rows.r), 0)
    this.mergedHabits.groupCount = likely
    const merged = new Groups(this.spec, this.mergedHabits, this.runtimeOn(merging, likely))
    const endPiece = () => {
      runtime.scratch.checkAlive()
      runtime.scratch.account.releaseAll()
    }
    for (const { groups, rows } of partials) {
      if (rows === null) merged.importPartial(groups)
      else {
        const block = restoreBlock(rows, runtime.scratch.account, this.spec.dictionaryById)
        inPieces(this.inPlace(block), (piece) => merged.push(piece))
      }
      endPiece()
      yield
    }
    merged.finish(({ rowCount, columns }) => {
      // Who keeps rows keeps their codes: what these stand for goes with the part.
      push({ rowCount, columns: columns.map((column) => withLastingTexts(column, runtime.scratch.account)) })
      endPiece()
    })
    const { groupCount } = merged
    merging.releaseAll()
    return groupCount
  }

  private partial(chunk: Chunk, p: number): PartPartial | null {
    const bytes = this.shared.bytes(chunk)
    const starts = new Uint32Array(bytes.buffer, bytes.byteOffset, PARTS + 1)
    return starts[p] === starts[p + 1] ? null : unpackPlain(bytes.subarray(starts[p], starts[p + 1])) as PartPartial
  }
}

const packedBytes = (packed: PackedPlain | null): number => (packed === null ? 0 : Math.ceil(packed.byteLength / 8) * 8)
