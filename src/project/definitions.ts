// What a project folder says, as plain data: the first step of every journey. load.ts fills these
// records from the files; render, plan, jobs and server read them. Invariant: nothing here is
// changed after loadProject() returned, and every record knows the file and line that it came from.

/** A place in a file. `line` and `column` count from 1; columns are UTF-16 units. */
export type Place = { readonly file: string; readonly line: number; readonly column: number }

export type Severity = 'error' | 'warning'

/** One finding about one file. `code` is stable, for tools; `message` says what and what was
 * expected; `caret` is the line of the file with a caret below the place. */
export type Diagnostic = Place & {
  readonly severity: Severity
  readonly message: string
  readonly code: string
  readonly caret?: string
}

/** A piece of text of a file that other parts parse (an expression, a type). */
export type SourceText = Place & { readonly text: string }

/** `TOKEN name READ`. */
export type TokenGrant = Place & {
  readonly name: string
  readonly permission: 'READ' | 'APPEND' | 'CREATE' | 'DROP'
}

/** One column of a SCHEMA. */
export type ColumnDef = Place & {
  readonly name: string
  /** As written, spaces collapsed: `LowCardinality(Nullable(String))`. */
  readonly type: string
  /** Where ingestion finds the value: `$.a`, `$.a[:].b`, `$`. `$.name` where the file names none;
   * null for aggregate states, which do not come from JSON. */
  readonly jsonPath: string | null
  /** True when the file itself names the path. */
  readonly jsonPathWritten: boolean
  readonly defaultExpr: SourceText | null
  /** The text between the parentheses of CODEC(...). */
  readonly codec: string | null
}

/** ENGINE and its settings; expressions are texts in ClickHouse's SQL, null where not written. */
export type EngineDef = {
  /** `MergeTree` where the file names none. */
  readonly name: string
  readonly partitionKey: SourceText | null
  readonly sortingKey: SourceText | null
  readonly primaryKey: SourceText | null
  readonly samplingKey: SourceText | null
  readonly ttl: SourceText | null
  /** ENGINE_VER (Replacing) or ENGINE_VERSION (VersionedCollapsing). */
  readonly version: SourceText | null
  readonly isDeleted: SourceText | null
  readonly sign: SourceText | null
  /** ENGINE_COLUMNS of SummingMergeTree; empty: all numeric columns. */
  readonly columns: readonly string[]
  /** ENGINE_JOIN_STRICTNESS, ENGINE_JOIN_TYPE and ENGINE_KEY_COLUMNS of Join. */
  readonly joinStrictness: SourceText | null
  readonly joinType: SourceText | null
  readonly joinKeys: readonly SourceText[]
  /** `index_granularity=8192, ...` */
  readonly settings: Readonly<Record<string, string>>
}

/** Settings that Pipit hands on by name (KAFKA_*, IMPORT_*, EXPORT_*): key in upper case. */
type Settings = Readonly<Record<string, string>>

export type DatasourceDef = Place & {
  readonly name: string
  readonly description: string
  readonly columns: readonly ColumnDef[]
  readonly engine: EngineDef
  readonly tokens: readonly TokenGrant[]
  readonly tags: readonly string[]
  /** One text per index: `name expr TYPE minmax GRANULARITY 1`. */
  readonly indexes: readonly SourceText[]
  readonly deduplicateBy: { readonly column: string; readonly windowMs: number } | null
  readonly forwardQuery: SourceText | null
  /** BACKFILL skip: a new view over this source starts empty. */
  readonly backfill: string | null
  readonly kafka: Settings
  readonly imports: Settings
  readonly sharedWith: readonly string[]
  readonly version: number | null
  /** The file, as `GET /v0/datasources/NAME.datasource` answers it. */
  readonly source: string
}

export type PipeType = 'endpoint' | 'materialized' | 'copy' | 'sink' | 'none'

/** One NODE. `sql` is the text of the block with its indentation, so that columns in it are columns
 * in the file: an offset's place is found by locateInNode(). */
export type NodeDef = {
  readonly name: string
  readonly description: string
  readonly sql: string
  /** The file that holds the SQL: the pipe's own, or one that it includes. */
  readonly file: string
  /** Line of the first line of `sql`, from 1. */
  readonly line: number
  /** Columns before the first character of `sql` on its first line. */
  readonly indent: number
  readonly type: PipeType
}

export type MaterializedDef = Place & {
  readonly node: string
  readonly target: string
  /** Inline ENGINE settings (Classic): the target is made by the pipe. Null: it has a file. */
  readonly engine: EngineDef | null
}

export type CopyDef = Place & {
  readonly node: string
  readonly target: string
  /** Cron expression; null: on demand. */
  readonly schedule: string | null
  readonly mode: 'append' | 'replace'
}

export type SinkDef = Place & { readonly node: string; readonly settings: Settings }

export type PipeDef = Place & {
  readonly name: string
  readonly description: string
  readonly nodes: readonly NodeDef[]
  readonly type: PipeType
  /** The node that answers when the pipe is called or used as a table: the one with TYPE, else the
   * last. */
  readonly endpointNode: string
  readonly tokens: readonly TokenGrant[]
  readonly materialized: readonly MaterializedDef[]
  readonly copy: CopyDef | null
  readonly sink: SinkDef | null
  /** CACHE seconds; null: not set. */
  readonly cacheSeconds: number | null
  readonly tags: readonly string[]
  readonly version: number | null
  readonly source: string
}

export type ConnectionDef = Place & {
  readonly name: string
  readonly description: string
  /** `kafka`, `s3`, `gcs`, ... in lower case. */
  readonly type: string
  readonly settings: Settings
}

export type Project = {
  readonly root: string
  readonly datasources: ReadonlyMap<string, DatasourceDef>
  readonly pipes: ReadonlyMap<string, PipeDef>
  readonly connections: ReadonlyMap<string, ConnectionDef>
  /** Names of all tokens that the files grant something to. */
  readonly tokens: readonly string[]
  /** From .env and .env.local. Never logged, never sent. */
  readonly secrets: Readonly<Record<string, string>>
  /** tinybird.config.json, empty where there is none. */
  readonly config: Readonly<Record<string, unknown>>
  /** Every file that was read, with its text: for checking and for watching. */
  readonly files: ReadonlyMap<string, string>
}

/** Line and column, from 1, of an offset in a node's SQL. */
export function locateInNode(node: NodeDef, offset: number): Place {
  let line = node.line
  let lineStart = -node.indent
  let at = node.sql.indexOf('\n')
  while (at >= 0 && at < offset) {
    line += 1
    lineStart = at + 1
    at = node.sql.indexOf('\n', lineStart)
  }
  return { file: node.file, line, column: offset - lineStart + 1 }
}

/** What a resource's name must look like. */
export const NAME_PATTERN = /^[A-Za-z_][A-Za-z0-9_]*$/
