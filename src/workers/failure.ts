// Errors on their way out of a worker: classes do not survive a post, so what the server needs of
// them (kind, code, position) is written down.

import { DataTypeError } from '../../storage/column/parse-type.ts'
import { CorruptBlock } from '../../storage/part/row-set.ts'
import { MemoryLimitExceeded, MemoryTaken } from '../../storage/kernels/work-memory.ts'
import { ResultTooLarge } from '../format/result.ts'
import { FunctionError } from '../functions/values/function.ts'
import { QueryError } from '../plan/plan.ts'
import type { WorkerFailure } from './messages.ts'

/** A query was told to stop: its client left, or its time is over. */
export class QueryStopped extends Error {
  readonly reason: 'cancelled' | 'deadline'
  constructor(reason: 'cancelled' | 'deadline', message: string) {
    super(message)
    this.reason = reason
  }
}

/** No room for a new part: the insert is refused (503) until a flush has made some. */
export class StoreFull extends Error {
  constructor() { super('The memory for new rows is full; try again in a second') }
}

/** What crosses of an error. */
export function describeFailure(error: unknown): WorkerFailure {
  const plain = { at: 0, end: 0 }
  if (error instanceof QueryError) {
    return { kind: 'query', message: error.message, code: error.code, at: error.at, end: error.end }
  }
  if (error instanceof FunctionError) {
    return { kind: 'query', message: error.message, code: error.code, ...plain }
  }
  if (error instanceof DataTypeError) return { kind: 'query', message: error.message, code: 'UNKNOWN_TYPE', ...plain }
  if (error instanceof MemoryTaken) return { kind: 'busy', message: error.message, code: 'TOO_MANY_QUERIES', ...plain }
  if (error instanceof MemoryLimitExceeded) {
    return { kind: 'memory', message: error.message, code: 'MEMORY_LIMIT_EXCEEDED', ...plain }
  }
  if (error instanceof ResultTooLarge) {
    return { kind: 'memory', message: error.message, code: 'TOO_MANY_ROWS_OR_BYTES', ...plain }
  }
  if (error instanceof QueryStopped) {
    const code = error.reason === 'deadline' ? 'TIMEOUT_EXCEEDED' : 'QUERY_WAS_CANCELLED'
    return { kind: error.reason, message: error.message, code, ...plain }
  }
  if (error instanceof StoreFull) {
    return { kind: 'busy', message: error.message, code: 'BUSY', ...plain }
  }
  if (error instanceof CorruptBlock) {
    return { kind: 'corrupt', message: error.message, code: 'CORRUPTED_DATA', ...plain }
  }
  const { code } = (error ?? {}) as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return { kind: 'storage', message: `The rows were not stored: the disk is full (${(error as Error).message})`, code: 'NO_SPACE', ...plain }
  }
  const message = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error)
  return { kind: 'internal', message, code: 'INTERNAL_ERROR', ...plain }
}
