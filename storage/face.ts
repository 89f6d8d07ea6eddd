// The types at the store's face: what src/ hands in and gets back. Plain data, so that it can cross
// to workers. The store itself is index.ts.

/** One column as the store knows it. Ids are never reused; names may change. */
export type ColumnSpec = {
  readonly id: number
  readonly name: string
  /** Canonical type text (parseDataType). */
  readonly type: string
  /** DEFAULT expression text, null: the type's own default (or NULL). */
  readonly defaultExpr: string | null
}

/** Columns that decide how rows of one sorting key combine. */
export type EngineArgs = {
  /** Replacing, VersionedCollapsing: the highest wins. */
  readonly version: string | null
  /** Replacing: 1 where the row says that its key is gone. */
  readonly isDeleted: string | null
  /** Collapsing: 1 a state, -1 its cancellation. */
  readonly sign: string | null
  /** Summing: what is added up; empty: every number outside of the key. */
  readonly columns: readonly string[]
  /** Join: the one kind of join that the table is for, and its key columns. */
  readonly join?: JoinArgs
}

export type JoinArgs = {
  readonly strictness: 'any' | 'all' | 'semi' | 'anti'
  readonly kind: 'left' | 'inner' | 'right' | 'full'
  readonly keys: readonly string[]
}

/** What a table is. Expressions cross as text; a worker compiles them (KeyCompiler). */
export type TableSpec = {
  readonly name: string
  readonly columns: readonly ColumnSpec[]
  readonly engine: string
  /** What the engine's name alone does not say; absent: nothing. */
  readonly engineArgs?: EngineArgs
  readonly partitionBy: string
  /** Expression texts in order; empty: tuple(). */
  readonly sortBy: readonly string[]
  readonly ttl: string | null
  /** The expression by whose range SAMPLE takes rows; null or absent: the table has no samples. */
  readonly sampleBy?: string | null
  /** Views that have given the table all that follows from their sources' rows so far. */
  readonly fedBy?: readonly string[]
  /** A row whose value of the column was stored within the window is not stored again. */
  readonly deduplicateBy?: { readonly column: string; readonly windowMs: number }
  /** Tables whose rows it has taken over (a data source that was moved into another form): what was remembered of
   * their column counts as of its own. */
  readonly keysOf?: readonly { readonly tableId: number; readonly columnId: number; readonly ownColumnId: number }[]
  readonly settings: Readonly<Record<string, string>>
}

/** A table with the identity that the manifest gave it. */
export type TableMeta = TableSpec & { readonly id: number; readonly schemaVersion: number }

/** A memory part: an image in the shared arena. */
export type PartRef = {
  readonly kind: 'part'
  readonly id: number
  readonly address: number
  readonly bytes: number
  readonly rowCount: number
  readonly firstSequence: number
  readonly lastSequence: number
  /** A bit for each row that the reader is not shown, low first; absent: it sees all. */
  readonly hidden?: Uint8Array
}

/** A segment: an image in a file, sorted, of one partition. */
export type SegmentRef = {
  readonly kind: 'segment'
  readonly id: number
  /** File name in the folder `segments` of the store. */
  readonly file: string
  readonly bytes: number
  readonly rowCount: number
  readonly partition: string
  readonly firstSequence: number
  readonly lastSequence: number
  /** Its place among segments of the same first sequence (those of one bulk write); absent: its id. */
  readonly order?: number
  /** The delete mask that applies: its version, 0: none; and how many rows it takes out. */
  readonly maskVersion: number
  readonly maskedRows: number
  /** null: the table had no TTL when it was written. */
  readonly expiry: Expiry | null
  /** A query sees these rows of it alone, by their numbers, `to` not among them; absent: all of them. */
  readonly rows?: { readonly from: number; readonly to: number }
}

/** When the first and the last row of a segment are over, in seconds, by the TTL of that time. */
export type Expiry = { readonly ttl: string; readonly first: number; readonly last: number }

/** How far a long bulk write is that may go on after a stop (Stage.save): rows that nobody sees yet. */
export type SavedWork = {
  /** Names it, and all that it depends on: work of another name is not gone on with. */
  readonly key: string
  /** Segments that were read, by table: these tables keep theirs apart until the work is over. */
  readonly read: readonly { readonly tableId: number; readonly segmentIds: readonly number[] }[]
  readonly rowsRead: number
  readonly staged: readonly StagedSegments[]
}

export type StagedSegments = {
  readonly tableId: number
  readonly segments: readonly SegmentRef[]
  /** Of a table that tells its rows apart by a key and whose engine combines them: the key column of all rows that
   * went into the segments, which have fewer. Files that go with the work. */
  readonly keys?: readonly SegmentRef[]
}

/** What a query sees: immutable, and kept alive (files and arena bytes) until release(). */
export type Snapshot = {
  readonly table: TableMeta
  /** Sequence of the last commit that it contains. */
  readonly version: number
  readonly rows: readonly (PartRef | SegmentRef)[]
  readonly release: () => void
}

/** A part as an ingest worker hands it over: an image in the arena, owned by the store from then on
 * (freed by it when refused or flushed). */
export type NewPart = {
  readonly tableId: number
  readonly schemaVersion: number
  readonly address: number
  readonly bytes: number
  /** CRC-32C of the image, made by the worker that built it. */
  readonly checksum: number
  readonly rowCount: number
  /** Nothing of it combines: no two rows are of one sorting key, and each by itself stays as it is. */
  readonly hasDistinctKeys?: boolean
}

/** A key that a client gave to an insert, by hashes, with the answer that it got. */
export type IdempotencyKey = {
  /** 16 bytes: which key. */
  readonly id: Uint8Array
  /** 16 bytes: which body. */
  readonly body: Uint8Array
  readonly atMs: number
  readonly answer: {
    readonly successful: number; readonly quarantined: number; readonly duplicates: number
    /** The first reason why a row was set aside; '': none. */
    readonly text: string
  }
}

/** Parts of one transaction, and the keys of its inserts: all become durable and visible together. */
export type Transaction = {
  readonly parts: readonly NewPart[]
  readonly keys?: readonly IdempotencyKey[]
  /** Keys of its rows, where their tables remember them (Store.deduplicate). */
  readonly rowKeys?: readonly RowKeyClaim[]
}

/** Keys of new rows of one table, as part of their transaction. */
export type RowKeyClaim = {
  readonly tableId: number
  readonly columnId: number
  readonly atMs: number
  /** 16 bytes a key. */
  readonly bytes: Uint8Array
  /** Called when the rows are durable. */
  readonly confirm: (sequence: number) => void
}

/** One transaction's look at the keys of tables, while nobody else looks. */
export interface KeyTurn {
  /** Marks rows whose key is remembered, or came before in this transaction (16 bytes a row, zeros:
   * none). null: all are new. Throws KeysFull, KeysUnderWay. */
  look(tableId: number, keys: Uint32Array): Promise<Uint8Array | null>
  /** Keys of all rows that were looked at and are new. */
  claims(): RowKeyClaim[]
}

/** Rows of which a column has one of these keys (part/row-keys.ts). */
export type RowsByKey = { readonly columnId: number; readonly keys: Uint32Array }

/** Heavy work that leaves the main thread. Answers are plain data. */
export type StoreTask =
  | {
    readonly kind: 'merge-parts'; readonly table: TableMeta; readonly parts: readonly PartRef[]
    /** Of the part that they become, where the caller has it already. */
    readonly partId?: number
    readonly nowMs: number
    /** The start waits for it, and for others beside it: whoever can should work on it. */
    readonly isAwaited: boolean
    /** Texts of one column, decoded: several sources of more are not taken together. Without it any are. */
    readonly textBytesMax?: number
  }
  /** Some rows of a part, as another part. */
  | {
    readonly kind: 'take-rows'; readonly table: TableMeta; readonly part: PartRef
    readonly rows: Uint32Array; readonly nowMs: number
  }
  | {
    readonly kind: 'flush'; readonly table: TableMeta; readonly parts: readonly PartRef[]
    readonly folder: string; readonly firstSegmentId: number; readonly segmentIdCount: number
    readonly nowMs: number; readonly textBytesMax?: number
  }
  | {
    readonly kind: 'merge'; readonly table: TableMeta; readonly segments: readonly SegmentRef[]
    readonly folder: string; readonly segmentId: number; readonly nowMs: number; readonly textBytesMax?: number
  }
  /** Finds the rows that fulfil a condition and, unless `isDry`, writes masks that take them out. */
  | {
    readonly kind: 'mask'; readonly table: TableMeta; readonly segments: readonly SegmentRef[]
    readonly folder: string; readonly condition: string | RowsByKey; readonly version: number
    readonly nowMs: number; readonly isDry: boolean
  }
  /** Keys of the rows of a segment, 16 bytes a row. */
  | {
    readonly kind: 'row-keys'; readonly table: TableMeta; readonly segment: SegmentRef
    readonly folder: string; readonly columnId: number; readonly nowMs: number
  }

/** What flush and merge answer: the files are written and synced, not yet visible. `idsNeeded`: of a flush into
 * more partitions than it was given ids for; `isTooLarge`: the sources are too much together. Then nothing was
 * written. */
export type SegmentResult = { readonly segments: readonly SegmentRef[]; readonly idsNeeded?: number; readonly isTooLarge?: boolean }
/** What a mask answers: deleted rows, new and old ones, of the segments that got new ones. Masks of
 * segments without any row left were not written. */
export type MaskResult = {
  readonly masks: readonly { readonly segmentId: number; readonly maskedRows: number }[]
  readonly matchedRows: number
}
/** What merge-parts answers; null: the parts are too much together. */
export type MergedPart = { readonly address: number; readonly bytes: number; readonly rowCount: number }
/** What take-rows answers: ready for the log. */
export type TakenPart = MergedPart & { readonly checksum: number }

export type TaskResult = MergedPart | null | TakenPart | SegmentResult | MaskResult | Uint32Array

/** Figures of a table now. */
export type TableStats = {
  readonly name: string
  readonly rowCount: number
  readonly bytes: number
  readonly parts: number
  readonly segments: number
}

/** Runs a task: a pool of threads in production, inline in an order chosen by the seed in tests. */
export interface TaskRunner {
  run(task: StoreTask & { kind: 'merge-parts' }): Promise<MergedPart | null>
  run(task: StoreTask & { kind: 'flush' | 'merge' }): Promise<SegmentResult>
  run(task: StoreTask & { kind: 'mask' }): Promise<MaskResult>
  run(task: StoreTask & { kind: 'row-keys' }): Promise<Uint32Array>
  /** Ends what runs now: it rejects, and writes nothing afterwards. Without it close() waits. */
  stop?(): Promise<void>
}

export type StoreLimits = {
  /** Encoded bytes of memory parts of a table that start a flush. */
  readonly flushBytes: number
  /** Rows of memory parts of a table that start a flush: parts are neither sorted nor indexed, so a
   * query pays for each of their rows. */
  readonly flushRows: number
  /** Commits to a table that start a flush: a start reads each of them, and one costs it as much as
   * thousands of rows. */
  readonly flushCommits: number
  /** Bytes of all WAL files that start a flush of the table with the oldest unflushed rows. */
  readonly walBytesMax: number
  /** Bytes of one WAL file. */
  readonly walFileBytes: number
  /** Zeros behind small groups of the log, so that most syncs find the file as long as it was. */
  readonly walRoomBytes: number
  /** Encoded bytes of all memory parts above which inserts wait for a flush ... */
  readonly partBytesSoft: number
  /** ... and above which they are refused (StoreBusy). */
  readonly partBytesMax: number
  /** Encoded bytes of memory parts above which a start writes what it has read of the log to segments before it reads
   * on: parts of small inserts were merged in memory, and lie apart in the log; or there was more memory before. */
  readonly startBytesMax: number
  /** Parts of a table that a start leaves as they are; more are merged before the store is open. */
  readonly startPartsMax: number
  /** Encoded bytes of parts whose merges a start has begun above which it reads no more of the log before some are
   * done: what they give back takes in what is read next. Enough for all workers to have work. */
  readonly startAheadBytes: number
  /** Encoded bytes of a bulk write's parts that are written together: fewer and larger segments. */
  readonly pieceBytes: number
  /** Encoded bytes of parts that one task of a flush takes in at most: what is more is flushed piece by piece. */
  readonly flushBytesMax: number
  /** Texts of one column that a flush or a merge decodes at a time, about. */
  readonly textBytesMax: number
  /** Encoded bytes that one merge of segments takes in at most. */
  readonly mergeBytesMax: number
  /** Free bytes of the disk below which inserts are refused (StorageFull). */
  readonly freeBytesMin: number
  /** How long an idempotency key is remembered. */
  readonly keyMs: number
  /** Memory of the keys of rows (DEDUPLICATE_BY) above which rows with keys are refused (KeysFull). */
  readonly rowKeyBytesMax: number
}

/** What an operator may want to know. */
export type StoreHealth = {
  readonly lastSequence: number
  readonly walBytes: number
  readonly walSyncs: number
  readonly partBytes: number
  /** The last failure of a flush or a merge of what was not done since; null: there is none. */
  readonly backgroundError: Error | null
}
