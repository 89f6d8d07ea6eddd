// The memory of one job: the structures of ndjson-layout.ts for one plan, laid out in one block that
// is kept and used again, so that a body of one row pays no set-up that grows with anything.
//
//   block: state | columns | trie | constants | records | small buffers of every column | window
//
// Invariant: after reset() the block is as it was after the first layout, but for what the trie has
// learned of key order. Buffers that outgrow the block lie on the job's account and go with it.

import {
  COLUMN_BYTES, C_BYTES, C_BYTES_CAP, C_CHAIN, C_DEFAULT_BITS, C_DEFAULT_BYTES, C_DEFAULT_TEXT,
  C_ENTRY_CAP, C_FLAGS, C_KIND, C_MARKS, C_MASK, C_MAX, C_MIN, C_OFFSETS, C_PRECISION, C_SLOTS,
  C_SPANS, C_STAMP, C_VALUES, C_WIDTH, DEFERRED_BYTES, DEPTH_MAX, EDGE_BYTES, E_COLUMN, E_IS_NUMBER, E_JOINED, E_JOINED_BYTES, E_KEY, E_KEY_BYTES, E_NODE,
  E_TEXT, E_TEXT_BYTES, FLAG_COMPUTED, FLAG_NULLABLE, JOINED_MAX, KEPT_BYTES, KIND_BYTES, KIND_CODES, KIND_FLOAT32, KIND_FLOAT64, KIND_INT, KIND_UINT64, NODE_BYTES, N_MASK,
  N_SLOTS, REJECT_BYTES, STATE_BYTES, S_COLUMNS, S_COLUMN_COUNT, S_DEFERRED, S_DEFERRED_CAP,
  S_HASHES, S_POWERS, S_REJECTS, S_REJECT_CAP, S_ROOT, S_ROOT_COLUMN, S_ROW_CAP, S_ROW_STARTS, S_SCRATCH,
  S_REMAINING, S_SCRATCH_START, S_SEED, SLOT_BYTES, SPANS, SPAN_BYTES, S_STACK, S_STAMPS,
} from '../../storage/kernels/ndjson-layout.ts'
import { keyHash } from '../../storage/kernels/ndjson.ts'
import type { WorkMemory } from '../../storage/kernels/work-memory.ts'
import type { ColumnPlan } from './column-plan.ts'
import { ViewCache } from './views.ts'

/** Rows, entries and bytes of a column that fit without asking for memory: a small request's. */
const ROWS_MIN = 64
const ENTRIES_MIN = 64
const BYTES_MIN = 1024
/** Input that fits the block; a larger body takes a window of its own. */
export const WINDOW_MIN = 8192
const REJECTS = 64
const DEFERRED = 256
const POWERS = 23
/** Kinds whose numbers are read where they stand (ndjsonStoreNumber). */
const NUMBERS: ReadonlySet<number> = new Set([KIND_INT, KIND_UINT64, KIND_FLOAT64, KIND_FLOAT32])
/** What S_REMAINING leads to. */
const REMAINING = Uint8Array.from({ length: 256 * 8 }, (_, i) => (
  [0, 1, 2, 3, 4, 5, 6, 7].filter((place) => (i >> 3 >> place & 1) === 0)[i & 7] ?? 0))
const SLACK = 64

/** A key of the paths, and where they go on. */
type TrieNode = { readonly edges: Map<string, TrieNode>; readonly columns: number[] }

function trieOf(columns: readonly ColumnPlan[]): TrieNode {
  const root: TrieNode = { edges: new Map(), columns: [] }
  for (const [index, { path }] of columns.entries()) {
    if (path === null) continue
    let node = root
    for (const key of path.keys) {
      let next = node.edges.get(key)
      if (next === undefined) node.edges.set(key, next = { edges: new Map(), columns: [] })
      node = next
    }
    node.columns.push(index)
  }
  return root
}

const encoder = new TextEncoder()

/** A block for the columns of one plan. */
export class Workspace {
  readonly work: WorkMemory
  readonly columns: readonly ColumnPlan[]
  /** Pointers of the state, and of the window for small inputs. */
  readonly state: number
  readonly window: number
  readonly views: ViewCache
  private readonly block: number
  private readonly blockBytes: number
  private top = 0
  private slots = 0
  private slotsBytes = 0
  private readonly fresh: Uint32Array

  constructor(work: WorkMemory, columns: readonly ColumnPlan[]) {
    this.work = work
    this.views = new ViewCache(work.buffer)
    this.columns = columns
    this.blockBytes = this.measure()
    this.block = work.allocate(this.blockBytes)
    this.top = this.block
    // What reset() brings back: state, columns, and their stamps.
    const headBytes = STATE_BYTES + columns.length * (COLUMN_BYTES + 4)
    this.state = this.take(headBytes)
    work.u8.fill(0, this.block, this.block + this.blockBytes)
    this.layState()
    this.layColumns()
    const trie = trieOf(columns)
    this.set(this.state, S_ROOT, this.layNode(trie))
    this.set(this.state, S_ROOT_COLUMN, this.chain(trie.columns))
    this.window = this.take(WINDOW_MIN)
    this.scratch = this.take(WINDOW_MIN + KEPT_BYTES)
    if (this.top > this.block + this.blockBytes) throw new Error('ingest: the block is laid out past its end')
    this.fresh = work.u32.slice(this.state / 4, (this.state + headBytes) / 4)
  }

  /** Pointer of a column's structure. */
  column(index: number): number { return this.state + STATE_BYTES + index * COLUMN_BYTES }

  get(pointer: number, field: number): number { return this.work.u32[(pointer + field) / 4] }

  set(pointer: number, field: number, value: number): void {
    this.work.u32[(pointer + field) / 4] = value
  }

  /** Where the kernel decodes texts: room for its input and KEPT_BYTES more. */
  get scratch(): number { return this.get(this.state, S_SCRATCH_START) }

  set scratch(pointer: number) {
    this.set(this.state, S_SCRATCH_START, pointer)
    this.set(this.state, S_SCRATCH, pointer)
  }

  /** True for what lies in the block, and is not returned to an account. */
  owns(pointer: number): boolean {
    return pointer >= this.block && pointer < this.block + this.blockBytes
  }

  /** As after the layout. `isRaw`: which adaptive columns begin as plain bytes. */
  reset(isRaw: readonly boolean[]): void {
    this.work.u32.set(this.fresh, this.state / 4)
    this.work.u8.fill(0, this.slots, this.slots + this.slotsBytes)
    for (let i = 0; i < isRaw.length; i++) {
      if (!isRaw[i]) continue
      this.set(this.column(i), C_KIND, KIND_BYTES)
      // The first offset, where the last job may have left a code.
      this.set(this.get(this.column(i), C_VALUES), 0, 0)
    }
  }

  /** Gives the block back; the workspace is of no use afterwards. */
  free(): void { this.work.free(this.block, this.blockBytes) }

  private take(bytes: number): number {
    const pointer = this.top
    this.top += Math.ceil(bytes / 16) * 16 + SLACK
    return pointer
  }

  private measure(): number {
    const { columns } = this
    let bytes = STATE_BYTES + columns.length * 4 + 4096 + REMAINING.length + SPANS * 4 + REJECTS * REJECT_BYTES + DEFERRED * DEFERRED_BYTES + DEPTH_MAX
      + ROWS_MIN * 4 + 2 * WINDOW_MIN + KEPT_BYTES
    for (const { width, path, defaultText, column } of columns) {
      bytes += COLUMN_BYTES + (ROWS_MIN + 1) * (width + 1) + ENTRIES_MIN * 4 + ENTRIES_MIN * 2 * SLOT_BYTES + SPANS * SPAN_BYTES
        + BYTES_MIN + defaultText.length + 16 * SLACK + column.name.length
      for (const key of path?.keys ?? []) bytes += NODE_BYTES + EDGE_BYTES + key.length * 24 + 16 * SLACK
    }
    return bytes
  }

  private layState(): void {
    const { state, work } = this
    this.set(state, S_COLUMNS, this.column(0))
    this.set(state, S_COLUMN_COUNT, this.columns.length)
    this.set(state, S_STAMPS, this.column(this.columns.length))
    this.set(state, S_REJECTS, this.take(REJECTS * REJECT_BYTES))
    this.set(state, S_REJECT_CAP, REJECTS)
    this.set(state, S_DEFERRED, this.take(DEFERRED * DEFERRED_BYTES))
    this.set(state, S_DEFERRED_CAP, DEFERRED)
    this.set(state, S_ROW_CAP, ROWS_MIN)
    this.set(state, S_ROW_STARTS, this.take(ROWS_MIN * 4))
    this.set(state, S_STACK, this.take(DEPTH_MAX))
    this.set(state, S_SEED, Math.floor(Math.random() * 2 ** 32))
    this.set(state, S_SEED + 4, Math.floor(Math.random() * 2 ** 32))
    const powers = this.take(POWERS * 8)
    const table = new Float64Array(work.buffer, powers, POWERS)
    for (let i = 0; i < POWERS; i++) table[i] = Number(`1e${i}`)
    this.set(state, S_POWERS, powers)
    const remaining = this.take(REMAINING.length)
    work.u8.set(REMAINING, remaining)
    this.set(state, S_REMAINING, remaining)
    this.set(state, S_HASHES, this.take(SPANS * 4))
  }

  private layColumns(): void {
    const view = new DataView(this.work.buffer)
    const codes: number[] = []
    for (const [index, plan] of this.columns.entries()) {
      const at = this.column(index)
      this.set(at, C_KIND, plan.kind)
      this.set(at, C_STAMP, this.get(this.state, S_STAMPS) + index * 4)
      this.set(at, C_FLAGS, plan.flags)
      this.set(at, C_WIDTH, plan.width)
      this.set(at, C_PRECISION, plan.precision)
      view.setBigInt64(at + C_MIN, plan.min, true)
      view.setBigInt64(at + C_MAX, BigInt.asIntN(64, plan.max), true)
      view.setBigInt64(at + C_DEFAULT_BITS, plan.defaultBits, true)
      this.set(at, C_DEFAULT_TEXT, this.bytes(plan.defaultText))
      this.set(at, C_DEFAULT_BYTES, plan.defaultText.length)
      this.set(at, C_VALUES, this.take((ROWS_MIN + 1) * plan.width))
      if ((plan.flags & (FLAG_NULLABLE | FLAG_COMPUTED)) !== 0) this.set(at, C_MARKS, this.take(ROWS_MIN))
      this.set(at, C_BYTES, this.take(BYTES_MIN))
      this.set(at, C_BYTES_CAP, BYTES_MIN)
      if (plan.kind !== KIND_CODES) continue
      codes.push(at)
      this.set(at, C_OFFSETS, this.take((ENTRIES_MIN + 1) * 4))
      this.set(at, C_SPANS, this.take(SPANS * SPAN_BYTES))
      this.set(at, C_ENTRY_CAP, ENTRIES_MIN)
      this.set(at, C_MASK, ENTRIES_MIN * 2 - 1)
    }
    // All tables side by side: one fill empties them.
    this.slotsBytes = codes.length * ENTRIES_MIN * 2 * SLOT_BYTES
    this.slots = this.take(this.slotsBytes)
    codes.forEach((at, i) => this.set(at, C_SLOTS, this.slots + i * ENTRIES_MIN * 2 * SLOT_BYTES))
  }

  private bytes(bytes: Uint8Array): number {
    const pointer = this.take(bytes.length)
    this.work.u8.set(bytes, pointer)
    return pointer
  }

  private chain(columns: readonly number[]): number {
    for (let i = 0; i + 1 < columns.length; i++) {
      this.set(this.column(columns[i]), C_CHAIN, this.column(columns[i + 1]))
    }
    return columns.length === 0 ? 0 : this.column(columns[0])
  }

  private layNode(node: TrieNode): number {
    const { u8 } = this.work
    const pointer = this.take(NODE_BYTES)
    let slots = 2
    while (slots < node.edges.size * 2 + 1) slots *= 2
    const table = this.take(slots * 4)
    this.set(pointer, N_SLOTS, table)
    this.set(pointer, N_MASK, slots - 1)
    for (const [key, child] of node.edges) {
      const edge = this.take(EDGE_BYTES)
      const text = encoder.encode(`${JSON.stringify(key)}:`)
      const name = encoder.encode(key)
      this.set(edge, E_TEXT, this.bytes(text))
      this.set(edge, E_TEXT_BYTES, text.length)
      this.set(edge, E_KEY, this.bytes(name))
      this.set(edge, E_KEY_BYTES, name.length)
      this.set(edge, E_COLUMN, this.chain(child.columns))
      const isNumber = child.columns.length === 1 && NUMBERS.has(this.columns[child.columns[0]].kind)
      const joined = encoder.encode(`,${JSON.stringify(key)}:${isNumber ? '' : '"'}`)
      u8[edge + E_IS_NUMBER] = isNumber ? 1 : 0
      if (child.columns.length > 0 && joined.length <= JOINED_MAX) {
        u8.set(joined, edge + E_JOINED)
        u8[edge + E_JOINED_BYTES] = joined.length
      }
      this.set(edge, E_NODE, child.edges.size === 0 ? 0 : this.layNode(child))
      let j = keyHash(u8, this.get(edge, E_KEY), name.length) & (slots - 1)
      while (this.work.u32[table / 4 + j] !== 0) j = (j + 1) & (slots - 1)
      this.work.u32[table / 4 + j] = edge
    }
    return pointer
  }
}

/** Blocks that lie idle in one memory: each plan's last few, the oldest of all given back. */
const IDLE_MAX = 32
const idle = new WeakMap<WorkMemory, Workspace[]>()

/** A workspace for these columns: an idle one, or a new one. */
export function takeWorkspace(work: WorkMemory, columns: readonly ColumnPlan[]): Workspace {
  const list = idle.get(work) ?? []
  const index = list.findIndex((candidate) => candidate.columns === columns)
  return index < 0 ? new Workspace(work, columns) : list.splice(index, 1)[0]
}

/** Keeps a workspace for the next job. */
export function returnWorkspace(workspace: Workspace): void {
  let list = idle.get(workspace.work)
  if (list === undefined) idle.set(workspace.work, list = [])
  list.push(workspace)
  if (list.length > IDLE_MAX) list.shift()?.free()
}

/** Gives back all that lie idle in a memory. */
export function freeIdleWorkspaces(work: WorkMemory): void {
  for (const workspace of idle.get(work) ?? []) workspace.free()
  idle.delete(work)
}
