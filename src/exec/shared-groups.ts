// A GROUP BY of very many groups, shared out by a hash of its keys: rows go to the table of their part,
// tables that have grown go as partial states into shared memory and begin anew, and in the end each part is
// merged by itself, in whichever worker has time. So no table is ever larger than a part of all groups, and
// none has all of them (radix partitioning: Boncz, Manegold, Kersten, Database Architecture Optimized for the
// New Bottleneck: Memory Access, VLDB 1999; of aggregates: Kuiper, Boncz, Mühleisen, Robust External Hash
// Aggregation in the Solid State Age, ICDE 2024).
//
//   chunk: | starts: u32 a part, and the end | partial state of part 0 | of part 1 | ...   each to 8 bytes
//
// Invariant: groups of equal keys are of one part in every worker (key-hashes.ts).

import type { Block, Vector } from '../../storage/column/vector.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { EvalContext } from '../functions/function.ts'
import { take } from '../functions/vectors.ts'
import { Groups, newHabits, type GroupsPartial, type GroupSpec } from './groups.ts'
import { KeyHashes } from './key-hashes.ts'
import { packPlain, unpackPlain, type PackedPlain } from './packed-plain.ts'
import type { Runtime } from './runtime.ts'
import { takeRows } from './short-circuit.ts'
import { sliceBlock, sliceVector } from './slice.ts'

const PART_BITS = 5
export const PARTS = 2 ** PART_BITS
const STARTS_BYTES = Math.ceil((PARTS + 1) * 4 / 8) * 8
/** Tables go into shared memory when they take so much of what the query may hold in a worker. */
const FLUSH_SHARE = 1 / 2
/** Fewer groups than this share of what is usual are not worth a chunk, whatever they take. */
const FULL_SHARE = 1 / 16
/** Keys that come more often, on average, stay in their tables: what goes would only come again. */
const ROWS_A_KEY = 2

/** Partial states of all parts, of one worker: a place in shared memory. */
export type Chunk = { readonly address: number; readonly bytes: number }

/** Shared memory for partial states, which goes when the query is over in all workers. */
export type SharedStates = {
  /** null: there is no room to spare. */
  readonly allocate: (bytes: number) => Chunk | null
  readonly bytes: (chunk: Chunk) => Uint8Array
  /** Groups from which on they are shared out, and tables go into shared memory. */
  readonly shareFrom: number
  readonly flushFrom: number
}

export class SharedGroups {
  /** What lies in shared memory, of all workers that are known here. */
  readonly chunks: Chunk[] = []
  private readonly spec: GroupSpec
  private readonly shared: SharedStates
  private readonly runtime: Runtime
  private readonly account: MemoryAccount
  private readonly hashes: KeyHashes
  private readonly columns: readonly number[]
  private parts: Groups[]
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
    this.columns = [...new Set(spec.aggregates.flatMap(({ args }) => args))]
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

  /** How many distinct keys were shared out, about. */
  get groupsSeen(): number { return Math.round(this.hashes.distinct()) }

  push(block: Block, keys: readonly Vector[]): void {
    const { scratch } = this.runtime
    const { rows, starts } = this.hashes.share(keys, block.rowCount, scratch)
    const columns: Vector[] = []
    for (const column of this.columns) columns[column] = block.columns[column]
    this.spec.keys.forEach((column, i) => { columns[column] = keys[i] })
    const sorted = takeRows({ rowCount: block.rowCount, columns }, rows, this.runtime)
    this.eachPart(starts, (part, from, to) => part.push(sliceBlock(sorted, from, to)))
    this.flushIfLarge()
  }

  private eachPart(starts: Uint32Array, visit: (part: Groups, from: number, to: number) => void): void {
    for (let p = 0; p < PARTS; p++) if (starts[p + 1] > starts[p]) visit(this.parts[p], starts[p], starts[p + 1])
  }

  /** Takes in groups that are not shared out. */
  absorb(groups: Groups): void {
    const { scratch } = this.runtime
    groups.eachState((keys, states, rowCount) => {
      const { rows, starts } = this.hashes.share(keys, rowCount, scratch)
      const [sortedKeys, sortedStates] = [keys, states].map((vectors) =>
        vectors.map((vector) => take(vector, rows, rowCount, scratch.account)))
      this.eachPart(starts, (part, from, to) => part.addStates(
        sortedKeys.map((key) => sliceVector(key, from, to)),
        sortedStates.map((state) => sliceVector(state, from, to)), to - from))
    })
    this.flushIfLarge()
  }

  private flushIfLarge(): void {
    const { account, shared, hashes } = this
    const isFull = account.usedBytes > account.limitBytes * FLUSH_SHARE
    const { groupCount } = this
    if (groupCount < shared.flushFrom * (isFull ? FULL_SHARE : 1)) return
    if (isFull || hashes.rowsSeen < hashes.distinct() * ROWS_A_KEY) this.flush()
  }

  /** All groups that lie here, as a chunk. False: there is no room for it, and they stay. */
  flush(): boolean {
    if (this.groupCount === 0) return true
    const packed = this.parts.map((part) => (part.groupCount === 0 ? null : packPlain(part.exportPartial())))
    const bytes = packed.reduce((sum, part) => sum + packedBytes(part), STARTS_BYTES)
    const chunk = this.shared.allocate(bytes)
    if (chunk === null) return false
    this.runtime.durable.account.charge(bytes)
    this.write(packed, this.shared.bytes(chunk))
    this.chunks.push(chunk)
    this.account.releaseAll()
    this.parts = this.tables()
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

  /** The rows of a part's groups, of all chunks and of what lies here; answers how many groups there are. */
  mergePart(p: number, push: (piece: Block) => void): number {
    const { runtime, chunks, merging, parts } = this
    const partials = chunks.flatMap((chunk) => this.partial(chunk, p) ?? [])
    if (parts[p].groupCount > 0) partials.push(parts[p].exportPartial())
    const likely = partials.reduce((sum, { groupCount }) => sum + groupCount, 0)
    this.mergedHabits.groupCount = likely
    const merged = new Groups(this.spec, this.mergedHabits, this.runtimeOn(merging, likely))
    const endPiece = () => {
      runtime.scratch.checkAlive()
      runtime.scratch.account.releaseAll()
    }
    for (const partial of partials) {
      merged.importPartial(partial)
      endPiece()
    }
    merged.finish((piece) => {
      push(piece)
      endPiece()
    })
    const { groupCount } = merged
    merging.releaseAll()
    return groupCount
  }

  private partial(chunk: Chunk, p: number): GroupsPartial | null {
    const bytes = this.shared.bytes(chunk)
    const starts = new Uint32Array(bytes.buffer, bytes.byteOffset, PARTS + 1)
    return starts[p] === starts[p + 1] ? null : unpackPlain(bytes.subarray(starts[p], starts[p + 1])) as GroupsPartial
  }
}

const packedBytes = (packed: PackedPlain | null): number => (packed === null ? 0 : Math.ceil(packed.byteLength / 8) * 8)
