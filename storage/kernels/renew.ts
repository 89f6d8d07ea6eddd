// A worker's memory given back to the system while the worker goes on: pages of a WebAssembly memory go with it alone.

import { kernelsOver } from './load.ts'
import { WorkMemory } from './work-memory.ts'

/** Gives a memory in which nothing is held fresh pages in place of those that were touched, and its kernels, which stay
 * the same object, to these. Throws RangeError where no more memory is to be had: all is as it was. */
export function renewMemory(module: WebAssembly.Module | null, work: WorkMemory): void {
  const fresh = new WorkMemory(work.buffer.byteLength)
  const kernels = kernelsOver(module, fresh)
  work.takeOver(fresh)
  Object.assign(work.kernels ?? {}, kernels)
}
