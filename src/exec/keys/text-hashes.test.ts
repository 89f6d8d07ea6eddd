import fc from 'fast-check'
import { expect, it } from 'vitest'
import { STRING } from '../../../storage/column/data-type.ts'
import { serialsLike } from '../../../storage/column/serial-texts.ts'
import { UUID_WORDS, uuidVector } from '../../../storage/column/uuid-texts.ts'
import { loadKernels } from '../../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../../storage/kernels/work-memory.ts'
import { vectorOf } from '../../functions/values/values.ts'
import { asBytes } from '../../functions/values/vectors.ts'
import { textHashes } from './text-hashes.ts'

const work = new WorkMemory(16 * 2 ** 20)
const kernels = loadKernels(work)

it('hashes numbers between two texts, and UUIDs, as their texts', () => {
  const numbers = fc.array(fc.oneof(fc.nat(20), fc.nat(2 ** 32 - 1), fc.constantFrom(999_999_999, 1e9)), { minLength: 1, maxLength: 40 })
  const affix = fc.constantFrom('', 'evt_', 'v2', '-x', ' ')
  fc.assert(fc.property(numbers, affix, affix, fc.constantFrom(0, 0, 12), fc.boolean(), (values, prefix, suffix, digits, isWide) => {
    const account = new MemoryAccount(work, 16 * 2 ** 20)
    const context = { account, kernels, nowMs: 0, checkAlive: () => {} }
    const here = isWide ? account.f64(values.length) : account.u32(values.length)
    here.set(values)
    const shape = { prefix: Buffer.from(prefix), digits, suffix: Buffer.from(suffix) }
    const serials = serialsLike({ type: STRING, nulls: null }, { shape, most: Math.max(...values) }, here, account)
    const texts = values.map((value) => `${prefix}${String(value).padStart(digits, '0')}${suffix}`)
    expect([...textHashes(serials, context)]).toEqual([...textHashes(asBytes(vectorOf(texts, STRING, account), account), context)])
    account.releaseAll()
  }))
  fc.assert(fc.property(fc.array(fc.uuid(), { minLength: 1, maxLength: 40 }), (texts) => {
    const account = new MemoryAccount(work, 16 * 2 ** 20)
    const context = { account, kernels, nowMs: 0, checkAlive: () => {} }
    const values = account.u32(texts.length * UUID_WORDS)
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength).set(Buffer.from(texts.join('').replaceAll('-', ''), 'hex'))
    const hashes = textHashes(uuidVector({ type: STRING, nulls: null }, values, account), context)
    expect([...hashes]).toEqual([...textHashes(asBytes(vectorOf(texts, STRING, account), account), context)])
    account.releaseAll()
  }))
})
