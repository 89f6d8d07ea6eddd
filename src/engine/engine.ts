// The seam between the contract (routes, tokens, templates) and what runs statements and keeps rows.
// The embedded engine is local.ts; the same face can forward to a ClickHouse server (design 7).

import type { Project } from '../project/definitions.ts'
import type { GuessedColumn } from './guess.ts'
import type { Slot } from '../render/slots.ts'
import type { Versions } from './versions.ts'

export type StatementRequest = {
  readonly sql: string
  readonly slots: readonly Slot[]
  /** Identity of the statement apart from its slots' values; null: the text itself. */
  readonly key: string | null
  /** Output format when the statement has no FORMAT of its own. */
  readonly format: string
  /** Settings of the call that say how values are written; SETTINGS of the statement win. */
  readonly settings?: Readonly<Record<string, string>>
  readonly explain?: boolean
  /** Milliseconds the query may run; 0: the server's limit. */
  readonly timeoutMs?: number
  /** Bytes the query may hold; absent: the server's limit. */
  readonly memoryBytes?: number
  /** Receives the way to stop the query (the client left). */
  readonly onStart?: (cancel: () => void) => void
}

export type StatementAnswer = {
  readonly body: Uint8Array
  /** The format of `body`. */
  readonly format: string
  readonly rows: number
  readonly rowsRead: number
  readonly bytesRead: number
  readonly elapsedMs: number
  /** Bytes posted between threads besides the result; 0 where they are not counted. */
  readonly postedBytes: number
  readonly peakBytes: number
  readonly isDeterministic: boolean
  /** To be called when nobody reads `body` any more: its memory may serve another answer. Without, it is the caller's. */
  readonly isOut: () => void
}

export type InsertRequest = {
  readonly datasource: string
  readonly body: Uint8Array
  readonly format: 'ndjson' | 'json'
  readonly gzip: boolean
  /** The client's Idempotency-Key; null or absent: none. */
  readonly idempotencyKey?: string | null
}

export type InsertAnswer = {
  readonly successfulRows: number
  readonly quarantinedRows: number
  /** The first reason for a quarantined row; null: none. */
  readonly firstError: string | null
  /** The body unpacks to more than is allowed (413). */
  readonly isTooLarge: boolean
  /** Rows that were there already; absent: nothing looked for them. */
  readonly duplicateRows?: number
  /** The answer that the same Idempotency-Key got before: nothing was stored now. */
  readonly isReplayed?: boolean
}

/** A file: its rows go into a data source, or replace what it holds, all or nothing. */
export type ImportRequest = {
  readonly datasource: string
  readonly chunks: AsyncIterable<Uint8Array>
  readonly format: 'csv' | 'ndjson' | 'parquet'
  /** Bytes of the delimiter, the quote and the escape (-1: none); absent: comma and double quote. */
  readonly dialect?: { readonly delimiter: number; readonly quote: number; readonly escape: number }
  readonly isReplacing: boolean
  /** Only rows that fulfil it are replaced, and of the file only those go in; null or absent: all. */
  readonly replaceCondition?: string | null
  /** As of an insert. */
  readonly idempotencyKey?: string | null
  /** Told how many rows, and bytes of the file, have been read. */
  readonly onProgress?: (rows: number, bytes: number) => void
  /** Ends the import; nothing of it is stored. */
  readonly signal?: AbortSignal
}

export type ImportAnswer = {
  readonly importId: string
  readonly successful: number
  readonly quarantined: number
  /** Rows that were there already. */
  readonly duplicates: number
  readonly firstError: string | null
  /** As of an insert. */
  readonly isReplayed?: true
}

/** A row that one side alone has. */
export type DifferentRow = { readonly side: 'expected' | 'found'; readonly row: Readonly<Record<string, unknown>> }

export type VerifyReport = {
  readonly target: string
  /** Rows, as FINAL shows them, that the sources give, and that the target has. */
  readonly rowsExpected: number
  readonly rowsFound: number
  /** Rows that only the sources give, and that only the target has: a changed row is one of each. */
  readonly onlyExpected: number
  readonly onlyFound: number
  /** The first that differ, by the sorting key. */
  readonly samples: readonly DifferentRow[]
  /** Columns that were left out, each with the reason. */
  readonly notCompared: readonly { readonly column: string; readonly why: string }[]
}

/** Rows of a quarantine that went where they belong, those that are still in it, and those that were
 * where they belong already. */
export type ReplayAnswer = { readonly replayed: number; readonly left: number; readonly duplicates: number }

export type DatasourceInfo = {
  readonly id: number
  readonly name: string
  readonly engine: string
  readonly columns: readonly { readonly name: string; readonly type: string; readonly jsonPath: string | null }[]
  readonly partitionKey: string
  readonly sortingKey: string
  readonly rowCount: number
  readonly bytes: number
  /** Of its quarantine. */
  readonly quarantine: { readonly rowCount: number; readonly bytes: number }
}

/** What a new view still has to be given; it runs when that is done. */
export type FeedWork = {
  readonly pipe: string
  readonly target: string
  readonly run: (control: FeedControl) => Promise<void>
}

/** Whoever watches a feed. */
export type FeedControl = {
  readonly onProgress?: (rowsRead: number) => void
  /** Called when somebody may cancel it. */
  readonly onCancel?: (cancel: () => void) => void
}

/** How much is under way. */
export type EngineLoad = {
  readonly queries: number
  readonly walBytes: number
  /** Syncs of the log so far. */
  readonly walSyncs: number
  readonly partBytes: number
  /** Rows could not be written to segments, or segments not be merged, when that was tried last. */
  readonly isBackgroundFailing: boolean
}

/** Memory in which the workers that parse rows reach a body. */
export type BodyMemory = {
  /** Room for a body that is about to come; null: there is none. */
  take(bytes: number): Uint8Array | null
  /** Nobody reads what take() answered any more. */
  giveBack(room: Uint8Array): void
}

export interface Engine {
  /** What insert() takes without a copy where its body fills it. */
  readonly bodies: BodyMemory
  /** Makes the store's tables those of the project; throws ProjectError when it can't. New views are given
   * what their sources hold before it resolves, or by `onFeed`, in any order. */
  applyProject(project: Project, onFeed?: (feed: FeedWork) => void): Promise<void>
  /** Feeds that run end now, and go on after the next start. */
  stopFeeds(): void
  query(request: StatementRequest): Promise<StatementAnswer>
  /** Throws what query() would throw where too many run or wait: before a caller has worked for it. */
  requireRoom(): void
  /** Resolves when the rows are durable and visible. */
  insert(request: InsertRequest): Promise<InsertAnswer>
  truncate(datasource: string): Promise<void>
  /** All of the store, those among them that the project has no longer. */
  tableNames(): string[]
  /** Removes a table that the project has no longer, with its rows and their quarantine; durable when it
   * resolves. Nothing where there is none. */
  drop(table: string): Promise<void>
  import(request: ImportRequest): Promise<ImportAnswer>
  /** What the columns of a Parquet file are. */
  parquetColumns(chunks: AsyncIterable<Uint8Array>): Promise<readonly GuessedColumn[]>
  /** Writes a statement's rows to a data source, as all of it or in addition; all or nothing. Resolves
   * with how many. */
  copyInto(request: StatementRequest, target: string, mode: 'append' | 'replace'): Promise<number>
  /** Replaces what a materialized pipe has made by what its source holds now. */
  rebuildView(pipe: string, onProgress?: (rowsRead: number) => void): Promise<void>
  /** Compares what materialized pipes have made of their sources with what these give now; `name` is a
   * pipe or the target of some. */
  verifyView(name: string, onProgress?: (rowsRead: number) => void): Promise<VerifyReport>
  /** Sends the rows of a data source's quarantine again: those that fit now leave it. */
  replay(datasource: string, onProgress?: (rows: number) => void): Promise<ReplayAnswer>
  /** Takes out rows that fulfil a condition: out of sight and durable when it resolves. `isDry`: only
   * counts them. */
  delete(datasource: string, condition: string, isDry: boolean): Promise<{ readonly rows: number }>
  /** True when no byte of deleted rows is left. */
  isErased(datasource: string): boolean
  /** Brings a backup folder up to what the store is now; goes on meanwhile. */
  backup(folder: string, isCopy: boolean): Promise<{ readonly set: string; readonly segments: number; readonly newFiles: number }>
  /** Encoded bytes of a table's rows. */
  tableBytes(name: string): number
  /** A data source or a quarantine of this name has rows. */
  hasTable(name: string): boolean
  datasources(): DatasourceInfo[]
  /** Materialized pipes that do not run: their targets get nothing of them. `isIdle`: there is nothing to get. */
  readonly badViews: readonly { readonly pipe: string; readonly target: string; readonly message: string; readonly isIdle?: boolean }[]
  /** Of all tables that a statement reads, which state they are in. null: its answer can differ all the same
   * (now(), rand()). Throws what query() would before it runs. */
  versionsOf(request: StatementRequest): Versions | null
  /** True while versionsOf() would answer the same for their statement: sooner known than that. */
  areCurrent(versions: Versions): boolean
  load(): EngineLoad
  close(): Promise<void>
}
