// A block to a vector in an account's memory: all of its rows.

import { ByteReader } from '../bytes/byte-reader.ts'
import type { DataType } from '../column/data-type.ts'
import { serialVector } from '../column/serial-texts.ts'
import { uuidVector } from '../column/uuid-texts.ts'
import type { Vector } from '../column/vector.ts'
import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import { readBlock, type Block } from './block.ts'
import { CODEC_UUID } from './codecs.ts'
import { decodeDistinct } from './distinct-block.ts'
import { decodeNulls } from './nulls.ts'
import { decodeNumbers } from './number-block.ts'
import { fillDifferences, fillMapped } from './numbers.ts'
import { decodeSerials, serialWords } from './serial-block.ts'
import { decodeStrings, decodeUuids } from './string-block.ts'
import { lazyTexts } from './lazy-texts.ts'
import { decodeParts, decodeTemplates } from './template-block.ts'

/** All rows of a block. `bytes` may lie anywhere; it is copied to where kernels can reach it. `isLazy`:
 * texts of templates, of numbers and of UUIDs are put together only when somebody looks at them, in memory of the
 * account. */
export function decodeBlock(
  bytes: Uint8Array, type: DataType, rows: number, account: MemoryAccount, kernels: Kernels,
  isLazy = false,
): Vector {
  // UUIDs without NULLs are kept as they lie: one copy is enough.
  const uuids = isLazy && bytes[0] === CODEC_UUID ? readBlock(new ByteReader(bytes), type, rows) : null
  if (uuids?.kind === 'strings') return uuidVector({ type, nulls: null }, decodeUuids(uuids.body, bytes, account), account)
  const copy = account.copyOf(bytes)
  const block = readBlock(new ByteReader(copy), type, rows)
  if (isLazy && block.kind === 'template') {
    const parts = decodeParts(block.body, copy, account, kernels)
    return lazyTexts(type, nullsOf(block, copy, account), parts, account, kernels)
  }
  if (isLazy && block.kind === 'serial') {
    const { prefix, digits, suffix } = block.body
    const shape = { prefix: prefix.slice(), digits, suffix: suffix.slice() }
    const found = serialWords(block.body, copy, account, kernels)
    const nulls = nullsOf(block, copy, account)
    account.freeCopy(copy)
    return serialVector(type, nulls, { shape, ...found }, account, kernels)
  }
  const vector = isLazy && block.kind === 'strings' && block.body.offsets === null
    ? uuidVector({ type, nulls: nullsOf(block, copy, account) }, decodeUuids(block.body, copy, account), account)
    : decodeParsed(block, copy, account, kernels)
  account.freeCopy(copy)
  return vector
}

/** The codes of a block of a dictionary column; where `map` is given, map[code] for each: by a kernel
 * where the map lies in work memory. */
export function decodeCodes(
  bytes: Uint8Array, type: DataType, rows: number, map: Uint32Array | null, account: MemoryAccount,
  kernels: Kernels,
): { codes: Uint32Array; nulls: Uint8Array | null } {
  const copy = account.copyOf(bytes)
  const block = readBlock(new ByteReader(copy), type, rows)
  if (block.kind !== 'number' || block.body.numbers === null) {
    throw new RangeError('a block of codes holds other values')
  }
  const { numbers } = block.body
  const nulls = block.nullsAt < 0 ? null : decodeNulls(copy, block.nullsAt, rows, account)
  const codes = account.u32(rows)
  const base = Number(numbers.base)
  if (map === null || map.buffer !== account.work.buffer
    || !fillMapped(numbers, copy, codes, map.subarray(base), kernels)) {
    fillDifferences(numbers, copy, codes, kernels)
    mapCodes(codes, base, map)
  }
  account.freeCopy(copy)
  return { codes, nulls }
}

function mapCodes(codes: Uint32Array, base: number, map: Uint32Array | null): void {
  const count = codes.length
  if (map !== null) for (let row = 0; row < count; row++) codes[row] = map[base + codes[row]]
  else if (base !== 0) for (let row = 0; row < count; row++) codes[row] += base
}

const nullsOf = ({ nullsAt, rows }: Block, bytes: Uint8Array, account: MemoryAccount): Uint8Array | null =>
  (nullsAt < 0 ? null : decodeNulls(bytes, nullsAt, rows, account))

function decodeParsed(
  block: Block, bytes: Uint8Array, account: MemoryAccount, kernels: Kernels,
): Vector {
  const { type, rows } = block
  const nulls = nullsOf(block, bytes, account)
  if (block.kind === 'number') {
    const numbers = decodeNumbers(block.body, bytes, type, rows, nulls, account, kernels)
    return numbers.kind === 'number'
      ? { kind: 'number', type, length: rows, isConst: false, nulls, values: numbers.values }
      : { kind: 'big', type, length: rows, isConst: false, nulls, values: numbers.values }
  }
  const common = { type, length: rows, isConst: false, nulls }
  switch (block.kind) {
    case 'strings':
      return { ...common, kind: 'bytes', ...decodeStrings(block.body, bytes, account, kernels) }
    case 'template':
      return { ...common, kind: 'bytes', ...decodeTemplates(block.body, bytes, account, kernels) }
    case 'serial':
      return { ...common, kind: 'bytes', ...decodeSerials(block.body, bytes, account, kernels) }
    case 'distinct':
      return { ...common, kind: 'bytes', ...decodeDistinct(block.body, bytes, account, kernels) }
    case 'array': {
      const offsets = account.u32(rows + 1)
      fillDifferences(block.body.offsets, bytes, offsets, kernels)
      const values = decodeParsed(block.body.elements, bytes, account, kernels)
      return { ...common, kind: 'array', offsets, values }
    }
    case 'tuple': {
      const fields = block.body.map((field) => decodeParsed(field, bytes, account, kernels))
      return { ...common, kind: 'tuple', fields }
    }
  }
}
