// Plain data with typed arrays inside (partial states, rows of subqueries) as bytes for another thread.
// Arrays are copied once, from where they lie to where they are read; the reader gets views.
//
//   | header bytes u32 | header: the data, each array a place | to 8 bytes | arrays, each to 8 bytes |
//
// Invariant: views live no longer than the bytes they were read from, and are not written to.

import { Packr } from 'msgpackr'

const packr = new Packr({ useRecords: false })

const KINDS = [
  Uint8Array, Uint16Array, Uint32Array, Int8Array, Int16Array, Int32Array, Float32Array, Float64Array,
  BigInt64Array, BigUint64Array,
] as const

type AnyArray = InstanceType<(typeof KINDS)[number]>
/** Where an array lies: kind, offset behind the header, elements. */
type Place = { readonly $: readonly [kind: number, offset: number, length: number] }

const aligned = (bytes: number): number => Math.ceil(bytes / 8) * 8

/** Data ready to be written somewhere, while its arrays stay as they are. */
export type PackedPlain = {
  readonly byteLength: number
  /** Fills the first `byteLength` bytes of `target`. */
  readonly writeTo: (target: Uint8Array) => void
}

export function packPlain(value: unknown): PackedPlain {
  const arrays: AnyArray[] = []
  let bytes = 0
  const placed = (part: unknown): unknown => {
    if (ArrayBuffer.isView(part)) {
      const array = part as AnyArray
      const kind = KINDS.findIndex((Kind) => array instanceof Kind)
      const place: Place = { $: [kind, bytes, array.length] }
      arrays.push(array)
      bytes += aligned(array.byteLength)
      return place
    }
    if (Array.isArray(part)) return part.map(placed)
    if (part === null || typeof part !== 'object') return part
    return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, placed(one)]))
  }
  const header = packr.pack(placed(value))
  const start = aligned(4 + header.length)
  return {
    byteLength: start + bytes,
    writeTo: (target) => {
      new DataView(target.buffer, target.byteOffset).setUint32(0, header.length, true)
      target.set(header, 4)
      let at = start
      for (const array of arrays) {
        target.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at)
        at += aligned(array.byteLength)
      }
    },
  }
}

/** What packPlain was given. `bytes` begins at a multiple of 8 and may be shared memory. */
export function unpackPlain(bytes: Uint8Array): unknown {
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  const start = bytes.byteOffset + aligned(4 + headerBytes)
  const revived = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(revived)
    if (part === null || typeof part !== 'object') return part
    if ('$' in part) {
      const [kind, offset, length] = (part as Place).$
      return new KINDS[kind](bytes.buffer as ArrayBuffer, start + offset, length)
    }
    return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, revived(one)]))
  }
  return revived(packr.unpack(new Uint8Array(bytes.subarray(4, 4 + headerBytes))))
}
