// The one error that leaves the engine: what kind it is, a sentence, and where in the statement.

export type EngineErrorKind =
  /** The statement is wrong: 400. */
  | 'query'
  /** A limit was passed (memory, result size): 400. */
  | 'limit'
  /** The time of a query is over: 408. */
  | 'deadline'
  /** The client left. */
  | 'cancelled'
  | 'not-found'
  /** It contradicts what was done before: 422. */
  | 'conflict'
  /** Cannot accept now: 503 with Retry-After. */
  | 'busy'
  /** The disk refuses: 507. */
  | 'storage'
  | 'internal'

/** Whatever the engine refuses, as a sentence; `at`/`end` are offsets into the statement's text. */
export class EngineError extends Error {
  readonly kind: EngineErrorKind
  readonly code: string
  readonly at: number | null
  readonly end: number | null
  /** The file of the project that is to blame. */
  readonly file: string | null
  constructor(kind: EngineErrorKind, message: string, code: string, span?: { at: number; end: number }, file: string | null = null) {
    super(message)
    this.name = 'EngineError'
    this.kind = kind
    this.code = code
    this.at = span?.at ?? null
    this.end = span?.end ?? null
    this.file = file
  }
}
