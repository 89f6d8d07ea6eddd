// How the store, or the disk below it, said no.

import { SimulatedCrash } from '../../storage/disk/simulated-disk.ts'

export const isFault = (error: unknown): boolean => error instanceof SimulatedCrash
  || /simulated/.test(String((error as Error)?.message))

export const isRefusal = (error: unknown): boolean => isFault(error)
  || ['DiskError', 'StorageFull', 'StoreBusy', 'EngineError'].includes((error as Error)?.name)

export const isManifestInDoubt = (error: unknown): boolean =>
  isInDoubt(error) && error instanceof Error && /manifest/.test(error.message)

export const isInDoubt = (error: unknown): boolean => (error as { isInDoubt?: boolean }).isInDoubt === true
