import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bindKernels, compileKernels } from './load.ts'
import { FRAME_WORDS, textsReference, type TextKernels } from './texts.ts'
import { MemoryAccount, WorkMemory } from './work-memory.ts'

const work = new WorkMemory(8 * 2 ** 20)
const compiled = bindKernels(compileKernels(), work)
const reference = textsReference(work)
const SLOTS_MAX = 6

function both<T>(act: (kernels: TextKernels, account: MemoryAccount) => T): T {
  const answers = [compiled, reference].map((kernels) => {
    const account = new MemoryAccount(work, 4 * 2 ** 20)
    const answer = act(kernels, account)
    account.releaseAll()
    return answer
  })
  expect(answers[0]).toEqual(answers[1])
  return answers[0]
}

function place(account: MemoryAccount, texts: readonly string[]) {
  const all = texts.map((value) => Buffer.from(value))
  const offsets = account.u32(texts.length + 1)
  offsets[0] = 0
  all.forEach((bytes, index) => { offsets[index + 1] = offsets[index] + bytes.length })
  const bytes = account.u8(offsets[texts.length])
  all.forEach((value, index) => bytes.set(value, offsets[index]))
  return { offsets, bytes }
}

const number = fc.oneof(fc.nat(120).map(String), fc.nat().map(String), fc.bigInt({ min: 0n, max: 10n ** 24n }).map(String),
  fc.nat(99).map((n) => String(n).padStart(2, '0')), fc.nat(999).map((n) => String(n).padStart(12, '0')), fc.constantFrom('0', '00', '4294967296'),
  fc.integer({ min: 1_000_000, max: 10_000_000_000 }).map(String), fc.nat(99_999_999).map((n) => String(n).padStart(8, '0')))
const word = fc.constantFrom('', 'a', '{"n":', 'a text of more than sixteen bytes', '"é😀"', '-', '.', '\n', 'x\ty', '\0')
const text = fc.array(fc.tuple(word, number), { maxLength: 4 })
  .chain((pieces) => word.map((last) => pieces.flat().join('') + last))

it('takes numbers out of texts and puts them back, as the reference does', () => {
  fc.assert(fc.property(fc.array(text, { maxLength: 40 }), fc.nat(1), fc.nat(3), (texts, pairs, skip) => {
    const from = Math.min(skip, texts.length)
    const count = texts.length - from
    const rows = both((kernels, account) => {
      const { offsets, bytes } = place(account, texts)
      const frameOffsets = account.u32(count + 1)
      const frames = account.u8(bytes.length)
      const slots = account.u32(SLOTS_MAX * count)
      const used = kernels.splitTexts(offsets.byteOffset, bytes.byteOffset, from, count, pairs, frameOffsets.byteOffset,
        frames.byteOffset, slots.byteOffset, count, SLOTS_MAX)
      if (used < 0) return null
      const codes = account.u32(count)
      codes.forEach((_, row) => { codes[row] = row })
      const ends = account.u32(count + 1)
      const length = kernels.joinLengths(frameOffsets.byteOffset, frames.byteOffset, count, codes.byteOffset, count,
        slots.byteOffset, count, account.u32(FRAME_WORDS * count).byteOffset, ends.byteOffset)
      const out = account.u8(length)
      kernels.joinTexts(frameOffsets.byteOffset, frames.byteOffset, codes.byteOffset, count, slots.byteOffset, count,
        ends.byteOffset, out.byteOffset)
      return {
        slots: [...slots.subarray(0, used * count)], frames: [...frames.subarray(0, frameOffsets[count])],
        texts: Array.from({ length: count }, (_, row) => Buffer.from(out.subarray(ends[row], ends[row + 1])).toString()),
      }
    })
    const wanted = texts.slice(from)
    if (rows === null) {
      expect(wanted.some((value) => /[\0-\t]/.test(value) || (value.match(/\d{1,9}/g) ?? []).length > SLOTS_MAX)).toBe(true)
    } else expect(rows.texts).toEqual(wanted)
  }), { numRuns: 400 })
})

it('adds up lengths by as many digits as the numbers of a place have', () => {
  const numbers = fc.integer({ min: 1, max: 9 }).chain((digits) => fc.array(fc.tuple(fc.nat(10 ** digits - 1), fc.nat(99_999)), { minLength: 1, maxLength: 30 }))
  fc.assert(fc.property(numbers, (list) => {
    const ends = both((kernels, account) => {
      const frame = [97, 0, 98, 0, 99, 5]
      const frameOffsets = account.u32(2)
      frameOffsets.set([0, frame.length])
      const frames = account.u8(32)
      frames.set(frame)
      const slots = account.u32(3 * list.length).fill(0)
      list.forEach(([a, b], row) => {
        slots[row] = a
        slots[list.length + row] = b
      })
      const out = account.u32(list.length + 1)
      kernels.joinLengths(frameOffsets.byteOffset, frames.byteOffset, 1, account.u32(list.length).fill(0).byteOffset, list.length,
        slots.byteOffset, list.length, account.u32(FRAME_WORDS).byteOffset, out.byteOffset)
      return [...out]
    })
    expect(ends.slice(1).map((end, row) => end - ends[row])).toEqual(list.map(([a, b]) => `a${a}b${b}c00000`.length))
  }))
})

it('reads numbers that stand between two shared texts, as the reference does', () => {
  const digits = fc.oneof(fc.nat(99).map(String), fc.nat({ max: 10 ** 15 }).map(String), fc.nat(999).map((n) => String(n).padStart(5, '0')),
    fc.constantFrom('', 'x', '9999999999999999'))
  const list = fc.oneof(fc.array(digits, { minLength: 1, maxLength: 20 }), fc.array(fc.nat().map(String), { minLength: 1, maxLength: 20 }))
  fc.assert(fc.property(list, fc.constantFrom('', 'evt_'), fc.constantFrom('', '.x'), fc.boolean(), (numbers, prefix, suffix, isBroken) => {
    const texts = numbers.map((value, i) => `${isBroken && i === 3 ? 'e' : prefix}${value}${suffix}`)
    const answer = both((kernels, account) => {
      const { offsets, bytes } = place(account, texts)
      const [low, high] = [account.u32(texts.length), account.u32(texts.length)]
      const kind = kernels.readSerials(offsets.byteOffset, bytes.byteOffset, 0, texts.length, prefix.length, suffix.length,
        low.byteOffset, high.byteOffset)
      return { kind, values: kind === 0 ? [] : Array.from(low, (value, i) => value + high[i] * 2 ** 32) }
    })
    if (answer.kind !== 0) expect(answer.values).toEqual(numbers.map(Number))
    if (numbers.every((value) => /^[1-9]\d{0,14}$/.test(value)) && !isBroken) expect(answer.kind).toBe(1)
  }), { numRuns: 400 })
})

it('writes numbers between two texts, as the reference does', () => {
  const value = fc.oneof(fc.nat(120), fc.nat(), fc.maxSafeNat(), fc.constantFrom(99_999_999, 100_000_000, 10 ** 15, 0))
  const affix = fc.constantFrom('', 'evt_', '-é', 'a text of more than sixteen bytes')
  fc.assert(fc.property(fc.array(value, { maxLength: 40 }), affix, affix, fc.nat(30), (values, prefix, suffix, pad) => {
    const longest = Math.max(0, ...values.map((one) => String(one).length))
    const digits = pad < 8 ? 0 : longest === 0 ? pad : Math.max(longest, pad)
    const texts = both((kernels, account) => {
      const numbers = account.f64(values.length)
      numbers.set(values)
      const [before, behind] = [prefix, suffix].map((text) => account.copyOf(Buffer.from(text)))
      const offsets = account.u32(values.length + 1)
      const out = account.u8(values.length * (before.length + behind.length + (digits === 0 ? 16 : digits)))
      const length = kernels.serialTexts(numbers.byteOffset, values.length, before.byteOffset, before.length, digits,
        behind.byteOffset, behind.length, offsets.byteOffset, out.byteOffset)
      expect(length).toBe(offsets[values.length])
      return values.map((_, row) => Buffer.from(out.subarray(offsets[row], offsets[row + 1])).toString())
    })
    expect(texts).toEqual(values.map((one) => prefix + String(one).padStart(digits, '0') + suffix))
  }), { numRuns: 400 })
})

it('aligns the digits of words, as the reference does', () => {
  const value = fc.oneof(fc.nat(120), fc.nat(10 ** 9 - 1), fc.constantFrom(0, 9, 10, 99_999_999, 100_000_000))
  fc.assert(fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), fc.nat(1), (values, fill) => {
    const aligned = both((kernels, account) => {
      const [numbers, scales, out] = [account.u32(values.length), account.u32(11), account.u32(values.length)]
      numbers.set(values)
      for (let digits = 0; digits < 11; digits++) scales[digits] = 10 ** Math.max(0, 9 - digits)
      kernels.alignWords(numbers.byteOffset, values.length, scales.byteOffset, fill, out.byteOffset)
      return [...out]
    })
    expect(aligned).toEqual(values.map((one) => Number(String(one).padEnd(9, fill === 0 ? '0' : '9'))))
  }), { numRuns: 200 })
})

it('aligns digits to the left, as the reference does', () => {
  const value = fc.oneof(fc.nat(120), fc.nat(), fc.nat({ max: 10 ** 15 - 1 }), fc.constantFrom(0, 9, 10, 99_999_999, 100_000_000, 4294967295, 4294967296))
  fc.assert(fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), fc.nat(1), (values, fill) => {
    const aligned = both((kernels, account) => {
      const [numbers, scales, out] = [account.f64(values.length), account.f64(16), account.f64(values.length)]
      numbers.set(values)
      for (let digits = 0; digits < 16; digits++) scales[digits] = 10 ** Math.max(0, 15 - digits)
      kernels.alignDigits(numbers.byteOffset, values.length, scales.byteOffset, fill, out.byteOffset)
      return [...out]
    })
    expect(aligned).toEqual(values.map((one) => Number(String(one).padEnd(15, fill === 0 ? '0' : '9'))))
  }), { numRuns: 200 })
})
