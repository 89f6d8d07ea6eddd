// Whatever went wrong below, as an EngineError: kind, sentence, position.

import { QueryError } from '../plan/plan.ts'
import { SqlSyntaxError } from '../sql/errors.ts'
import { FunctionError } from '../functions/values/function.ts'
import { PoolBusy, WorkerError } from '../workers/pool.ts'
import { EngineError, type EngineErrorKind } from './engine-error.ts'

const KIND_OF_FAILURE: Readonly<Record<string, EngineErrorKind>> = {
  query: 'query', memory: 'limit', deadline: 'deadline', cancelled: 'cancelled',
  corrupt: 'internal', internal: 'internal', busy: 'busy', storage: 'storage',
}

/** Never throws; an EngineError passes through. */
export function engineErrorOf(error: unknown): EngineError {
  if (error instanceof EngineError) return error
  if (error instanceof WorkerError) {
    const { kind, message, code, at, end } = error.failure
    return new EngineError(KIND_OF_FAILURE[kind] ?? 'internal', message, code,
      end > 0 ? { at, end } : undefined)
  }
  if (error instanceof QueryError) return new EngineError('query', error.message, error.code, error)
  if (error instanceof SqlSyntaxError) {
    return new EngineError('query', error.message, 'SYNTAX_ERROR', error)
  }
  if (error instanceof FunctionError) return new EngineError('query', error.message, error.code)
  if (error instanceof PoolBusy) return new EngineError('busy', error.message, 'TOO_MANY_QUERIES')
  const name = (error as Error)?.name ?? ''
  const message = error instanceof Error ? error.message : String(error)
  if (name === 'StoreBusy' || name === 'KeysFull' || name === 'KeysUnderWay') return new EngineError('busy', message, 'BUSY')
  if (name === 'TableGone') return new EngineError('not-found', message, 'UNKNOWN_TABLE')
  if (name === 'ReadOnlyStore') return new EngineError('storage', message, 'READ_ONLY')
  if (name === 'StorageFull') return new EngineError('storage', message, 'NO_SPACE')
  if (name === 'DiskError') return ofDisk(message, (error as Error).cause)
  if (isFull(error)) return new EngineError('storage', `The rows were not stored: the disk is full (${message})`, 'NO_SPACE')
  return new EngineError('internal', message, 'INTERNAL_ERROR')
}

function isFull(error: unknown): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException
  return code === 'ENOSPC' || code === 'EDQUOT'
}

/** A full disk stays full until somebody makes room (507); other failures may pass (503). */
function ofDisk(message: string, cause: unknown): EngineError {
  return isFull(cause) ? new EngineError('storage', message, 'NO_SPACE')
    : new EngineError('busy', message, 'DISK_ERROR')
}
