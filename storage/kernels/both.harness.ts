// For tests of kernels: what is asked of the compiled kernels is asked of their reference, too.

import { expect } from 'vitest'
import { bindKernels, compileKernels } from './load.ts'
import { MemoryAccount, WorkMemory } from './work-memory.ts'

/** Makes `both(act)`, which runs `act` with either set of kernels, each on all of `work`'s memory afresh, and
 * answers what both answered. */
export function bothOf<K>(work: WorkMemory, referenceOf: (work: WorkMemory) => K) {
  const all = [bindKernels(compileKernels(), work) as K, referenceOf(work)]
  return <T>(act: (kernels: K, account: MemoryAccount) => T): T => {
    const answers = all.map((kernels) => {
      const account = new MemoryAccount(work, work.buffer.byteLength)
      try {
        return act(kernels, account)
      } finally {
        account.releaseAll()
      }
    })
    expect(answers[0]).toEqual(answers[1])
    return answers[0]
  }
}
