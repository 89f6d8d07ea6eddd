// 64-bit integers beyond 2^53 on their way into a block: JavaScript makes an object of each. The reference of
// bigs.as.ts.

import type { KernelMemory } from './kernel-memory.ts'

export type BigKernels = {
  /** The least and the greatest of `count` values, of which there is one at least, to two at `out`. */
  readonly bigEnds: (values: number, count: number, isSigned: number, out: number) => void
  /** Each value less the one at `base`, none of which is greater: its low and its high half (u32). */
  readonly bigHalves: (values: number, count: number, base: number, low: number, high: number) => void
}

export function bigsReference({ buffer, u32 }: KernelMemory): BigKernels {
  return {
    bigEnds(values, count, isSigned, out) {
      const all = new (isSigned === 1 ? BigInt64Array : BigUint64Array)(buffer, values, count)
      let [min] = all
      let max = min
      for (const value of all) {
        if (value < min) min = value
        if (value > max) max = value
      }
      new BigUint64Array(buffer, out, 2).set([BigInt.asUintN(64, min), BigInt.asUintN(64, max)])
    },
    bigHalves(values, count, base, low, high) {
      const all = new BigUint64Array(buffer, values, count)
      const [least] = new BigUint64Array(buffer, base, 1)
      all.forEach((value, i) => {
        const more = BigInt.asUintN(64, value - least)
        u32[low / 4 + i] = Number(more & 0xffffffffn)
        u32[high / 4 + i] = Number(more >> 32n)
      })
    },
  }
}
