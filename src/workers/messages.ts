// What crosses between threads. Plain data and handles into shared memory; rows never cross: they
// lie in the arenas, and a message names their address.
//
//   main --ToWorker[]--> worker --FromWorker[]--> main     batches: one post a tick
//   worker <--PeerMessage--> worker                        help with the morsels of a large query
//
// Invariant: besides its result, a query posts at most 64 KB between threads (test/http).

import type { MessagePort } from 'node:worker_threads'
import type { ArenaHandle } from '../../storage/arena/arena.ts'
import type {
  NewPart, PartRef, SegmentRef, StoreTask, TableMeta, TaskResult,
} from '../../storage/face.ts'
import type { CsvForm } from '../ingest/body-reader.ts'
import type { IngestColumnSpec } from '../ingest/plan-spec.ts'
import type { ParquetColumn } from '../ingest/parquet.ts'
import type { TextColumn } from '../ingest/texts.ts'
import type { TypedPlan } from '../plan/plan.ts'
import type { Value } from '../functions/values/value.ts'
import type { Pass } from '../exec/groups/passes.ts'
import type { MergeWork, Morsel } from '../exec/pipeline.ts'
import type { Chunk } from '../exec/runtime/shared-states.ts'
import type { SharedDictionariesHandle } from '../exec/dictionaries/shared-dictionary.ts'
import type { BlockCacheHandle } from '../../storage/segment/block-cache.ts'

export type WorkerRole = 'query' | 'background'

/** What a worker is born with. */
export type WorkerSetup = {
  readonly index: number
  readonly role: WorkerRole
  /** null: PIPIT_KERNELS=off. */
  readonly kernels: WebAssembly.Module | null
  readonly workMemoryBytes: number
  /** Bytes of a worker's memory in use above which queries get no more. */
  readonly queriesBytes: number
  /** Memory parts, bodies in flight, partial states. */
  readonly dataArena: ArenaHandle
  /** Blocks of segments, shared dictionaries. */
  readonly cacheArena: ArenaHandle
  readonly dictionaries: SharedDictionariesHandle
  /** One i32 a running query: 1 when it is to stop. */
  readonly cancelFlags: SharedArrayBuffer
  readonly storeFolder: string
  /** The directory of cached sections of segment files. */
  readonly blocks: BlockCacheHandle
  /** Counts the bytes that are posted for queries (tests); it costs as much as posting them. */
  readonly countsPosted: boolean
}

/** Plans that a worker keeps, the last sent ones; main knows by this number which are there. */
export const PLANS_MAX = 1024

/** The list of rows that no table has (a view's new rows): sent every time, kept by nobody. */
export const PASSING_LIST = 0

/** The rows of one table that a query sees. `listId` names table and rows as they are: sent once to a
 * worker (PASSING_LIST: every time). */
export type TableRows = {
  readonly table: TableMeta
  readonly listId: number
  readonly rows: readonly (PartRef | SegmentRef)[]
}

/** How rows are named in a post; `list` null: the worker has it. */
export type PostedRows = {
  readonly tableId: number
  readonly listId: number
  readonly list: TableRows | null
}

/** A query as it is posted; `plan` null: the worker has it. */
export type QueryPost = Omit<QueryMessage, 'plan' | 'tables'> & {
  readonly plan: TypedPlan | null
  readonly tables: readonly PostedRows[]
}

/** A query whose plan and lists the worker has (packed.ts): its numbers, then two for each table, then its slots. */
export type PackedQuery = readonly [
  id: number, planId: number, cancelSlot: number, nowMs: number, deadlineMs: number, memoryBytes: number, resultBytesMax: number,
  format: string, tableCount: number, ...tablesAndSlots: Value[],
]

/** Answers of queries (packed.ts): nine numbers each, and their bodies end to end. */
export type PackedAnswers = {
  readonly kind: 'answers'; readonly id: 0; readonly words: readonly number[]; readonly bodies: Uint8Array
}

export type QueryMessage = {
  readonly kind: 'query'
  readonly id: number
  readonly planId: number
  readonly plan: TypedPlan
  readonly slots: readonly Value[]
  readonly tables: readonly TableRows[]
  readonly format: string
  /** The rows become a part of this table instead of bytes of a format; null: they are an answer. */
  readonly into: TableMeta | null
  readonly explain: boolean
  readonly nowMs: number
  readonly deadlineMs: number
  readonly memoryBytes: number
  readonly resultBytesMax: number
  readonly cancelSlot: number
}

export type BodyRef = {
  readonly address: number
  readonly bytes: number
  readonly format: 'ndjson' | 'json'
  readonly gzip: boolean
  /** The bytes are CSV of this form; null: they are what `format` says. */
  readonly csv?: CsvForm | null
  /** The line of its file at which a body begins; without it bodies begin files. */
  readonly firstLine?: number
  /** The bytes are rows of a quarantine, with these columns (texts.ts). */
  readonly texts?: readonly TextColumn[]
}

/** Bodies as plain numbers (packed.ts), three a body: address, bytes, kind. */
export type PackedBodies = { readonly packed: readonly number[] }

export type IngestMessage = {
  readonly kind: 'ingest'
  readonly id: number
  readonly planId: number
  readonly plan: IngestSpec | null
  readonly bodies: readonly BodyRef[] | PackedBodies
  readonly importId: string
  readonly nowMs: number
}

/** What turns bodies into parts of a table and of its quarantine. */
export type IngestSpec = {
  readonly table: TableMeta
  readonly quarantine: TableMeta
  readonly columns: readonly IngestColumnSpec[]
  /** Id of the column whose values tell rows apart (DEDUPLICATE_BY); null: none. */
  readonly keyColumn: number | null
}

export type TaskMessage = { readonly kind: 'task'; readonly id: number; readonly task: StoreTask }

/** Rows of one insert combine as the table's engine says. */
export type CombineMessage = {
  readonly kind: 'combine'; readonly id: number; readonly table: TableMeta; readonly part: NewPart
}

/** Rows [from, to) of a row group of a Parquet file, to be parts as those of bodies; answered by ingest-done. */
export type ParquetMessage = Omit<IngestMessage, 'kind' | 'bodies'> & {
  readonly kind: 'parquet'; readonly stretch: ParquetStretch
}

export type ParquetStretch = {
  readonly file: string; readonly group: number
  readonly from: number; readonly to: number; readonly columns: readonly ParquetColumn[]
  /** Stretches of one number go to one worker. */
  readonly seat: number
}

export type ToWorker = QueryPost | IngestMessage | TaskMessage | CombineMessage
  | { readonly kind: 'peer'; readonly index: number; readonly port: MessagePort }
  | { readonly kind: 'forget-table'; readonly tableId: number }
  | { readonly kind: 'forget-file'; readonly file: string }
  /** Keep what is compiled now for the next start. */
  | { readonly kind: 'keep-code' }
  /** Nothing follows: the thread ends. */
  | { readonly kind: 'end' }
  | ParquetMessage

/** What is posted to a worker at once. */
export type ToWorkerBatch = readonly (ToWorker | PackedQuery)[]

export type QueryStats = {
  readonly rowsRead: number
  readonly bytesRead: number
  readonly rows: number
  readonly rowsBeforeLimit: number | null
  readonly peakBytes: number
  readonly elapsedMs: number
  /** Bytes posted between threads besides the result; 0 where they are not counted. */
  readonly postedBytes: number
}

export type ImagePart = {
  readonly address: number
  readonly bytes: number
  readonly checksum: number
  readonly rowCount: number
}

/** Keys of a part's rows in the data arena, 16 bytes each, the receiver's to free. */
export type KeyBytes = { readonly address: number; readonly bytes: number }

export type BodyResult = {
  readonly successful: number
  readonly quarantined: number
  /** The first reason, as a sentence; null: every row fits. */
  readonly firstError: string | null
  readonly isTooLarge: boolean
}

/** Two numbers a body (packed.ts), rows that fit and rows in quarantine, and what else there is to say of
 * a few. */
export type PackedResults = {
  readonly counts: readonly number[]
  readonly notes: readonly (Pick<BodyResult, 'firstError' | 'isTooLarge'> & { readonly index: number })[]
}

export type IngestResult = {
  readonly part: ImagePart | null
  /** Of the part's rows; null: not asked. */
  readonly keys: KeyBytes | null
  readonly quarantine: ImagePart | null
  readonly results: PackedResults
}

export type WorkerFailure = {
  readonly message: string
  /** 'query': the author's to mend (400); 'memory', 'deadline', 'cancelled', 'corrupt', 'internal'. */
  readonly kind: string
  readonly code: string
  readonly at: number
  readonly end: number
}

export type FromWorker =
  | { readonly kind: 'ready'; readonly id: number }
  | {
    readonly kind: 'query-done'; readonly id: number; readonly body: Uint8Array
    /** The rows as a part, where the query asked for one; null: there are none. */
    readonly part: ImagePart | null
    /** Of the part's rows, where its table has DEDUPLICATE_BY. */
    readonly keys: KeyBytes | null
    readonly stats: QueryStats
  }
  | PackedAnswers
  | { readonly kind: 'ingest-done'; readonly id: number; readonly result: IngestResult }
  | { readonly kind: 'task-done'; readonly id: number; readonly result: TaskResult }
  /** The same part where nothing combines; null: no row is left. */
  | { readonly kind: 'combined'; readonly id: number; readonly part: NewPart | null }
  | { readonly kind: 'failed'; readonly id: number; readonly error: WorkerFailure }

/** A coordinator asks its peers to take morsels of one stage: `bytes` at `address` of the data arena are
 * the HelpWork, serialized once for all of them. `controlAddress`: the words that share out morsels. */
export type HelpMessage = {
  readonly kind: 'help'
  readonly id: number
  readonly from: number
  readonly stage: number
  readonly address: number
  readonly bytes: number
  readonly controlAddress: number
}

/** What a peer needs to know of a query: morsels and lists of row sets grow with the table, so they do
 * not cross in a post. */
export type HelpWork = {
  readonly query: QueryMessage
  readonly morsels: readonly Morsel[]
  /** Results of earlier stages (sets, scalars) in the data arena. */
  readonly earlier: readonly { readonly stage: number; readonly address: number; readonly bytes: number }[]
  /** Where groups lie whose parts the morsels are; null: morsels are of rows. */
  readonly merge: MergeWork | null
  /** Over the stage's rows. */
  readonly pass: Pass
}

export type PeerMessage = HelpMessage
  /** `done` morsels were run; their state lies in the data arena (freed by the coordinator). */
  | {
    readonly kind: 'helped'; readonly id: number; readonly stage: number; readonly done: number
    readonly address: number; readonly bytes: number
    /** Of the data arena, and the coordinator's from now on. */
    readonly cells: readonly Chunk[]
    readonly rowsRead: number; readonly bytesRead: number
  }
  | { readonly kind: 'help-failed'; readonly id: number; readonly stage: number; readonly error: WorkerFailure }
