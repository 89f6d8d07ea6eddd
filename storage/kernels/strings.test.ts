import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bindKernels, compileKernels } from './load.ts'
import { stringsReference } from './strings.ts'
import { MemoryAccount, WorkMemory } from './work-memory.ts'

const work = new WorkMemory(16 * 2 ** 20)
const compiled = bindKernels(compileKernels(), work)
const reference = stringsReference(work)

const text = fc.oneof(fc.string({ maxLength: 20 }), fc.nat(3000).map((n) => `user_${n}`),
  fc.constantFrom('', '\0', '\0\0', 'a', 'a\0', 'aaaaaaaa', 'aaaaaaaa\0', 'aaaaaaaab', '\u{10ffff}'))

function place(account: MemoryAccount, texts: readonly string[]) {
  const all = texts.map((value) => Buffer.from(value))
  const offsets = account.u32(texts.length + 1)
  offsets[0] = 0
  all.forEach((bytes, index) => { offsets[index + 1] = offsets[index] + bytes.length })
  const bytes = account.u8(offsets[texts.length])
  all.forEach((value, index) => bytes.set(value, offsets[index]))
  return { offsets: offsets.byteOffset, bytes: bytes.byteOffset }
}

function both<T>(act: (kernels: typeof reference, account: MemoryAccount) => T): T {
  const answers = [compiled, reference].map((kernels) => {
    const account = new MemoryAccount(work, 16 * 2 ** 20)
    const answer = act(kernels, account)
    account.releaseAll()
    return answer
  })
  expect(answers[0]).toEqual(answers[1])
  return answers[0]
}

function sorted(kernels: typeof reference, account: MemoryAccount, texts: readonly string[]) {
  const { offsets, bytes } = place(account, texts)
  const count = texts.length
  const [order, spare, runs] = [account.u32(count), account.u32(count), account.u32(count + 1)]
  kernels.sortStrings(offsets, bytes, count, order.byteOffset, spare.byteOffset,
    account.f64(count).byteOffset, account.f64(count).byteOffset, runs.byteOffset)
  return { offsets, bytes, order }
}

/** Several sorted lists end to end, as dictionaries are merged; or any order. */
const lists = fc.oneof(fc.array(text, { maxLength: 300 }),
  fc.array(fc.array(text, { maxLength: 60 }), { maxLength: 8 }).map((runs) => (
    runs.flatMap((run) => [...new Set(run)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))))))

it('sorts by bytes, stable, and ranks equal strings alike, as the reference does', () => {
  fc.assert(fc.property(lists, (texts) => {
    const answer = both((kernels, account) => {
      const { offsets, bytes, order } = sorted(kernels, account, texts)
      const [ranks, firsts] = [account.u32(texts.length), account.u32(texts.length)]
      const distinct = kernels.rankStrings(offsets, bytes, texts.length, order.byteOffset, ranks.byteOffset, firsts.byteOffset)
      return { order: [...order], ranks: [...ranks], firsts: [...firsts.subarray(0, distinct)] }
    })
    const expected = texts.map((_, i) => i).sort((a, b) => Buffer.compare(Buffer.from(texts[a]), Buffer.from(texts[b])) || a - b)
    expect(answer.order).toEqual(expected)
    expect(answer.firsts.length).toBe(new Set(texts).size)
    texts.forEach((value, i) => expect(texts[answer.firsts[answer.ranks[i]]]).toBe(value))
  }))
})

it('sorts many that share beginnings, differ in length by zeros alone, or are equal', () => {
  const part = fc.constantFrom('', 'a', 'user_', '{"tier":"', '\0', '\0\0', 'é', 'x'.repeat(9), 'y'.repeat(40), 'z'.repeat(90))
  const many = fc.tuple(fc.array(fc.tuple(part, fc.nat(2000), part, fc.nat(3), part), { minLength: 40, maxLength: 400 }), fc.constantFrom(1, 3, 7), fc.boolean())
    .map(([list, times, isNumbered]) => Array.from({ length: list.length * times }, (_, i) => {
      const [a, n, b, m, c] = list[i % list.length]
      return `${a}${isNumbered ? n * (i + 1) % 5003 : n % 7}${b}${m}${c}`
    }))
  fc.assert(fc.property(many, (texts) => {
    const answer = both((kernels, account) => [...sorted(kernels, account, texts).order])
    expect(answer).toEqual(texts.map((_, i) => i).sort((a, b) => Buffer.compare(Buffer.from(texts[a]), Buffer.from(texts[b])) || a - b))
  }), { numRuns: 60 })
})

it('leads with four bytes that order as the strings do', () => {
  fc.assert(fc.property(lists, fc.constantFrom('', 'evt_', 'a long beginning'), (rests, beginning) => {
    const texts = rests.map((rest) => beginning + rest)
    const words = both((kernels, account) => {
      const { offsets, bytes } = place(account, texts)
      const words = account.u32(texts.length)
      const depth = kernels.sharedPrefix(offsets, bytes, texts.length)
      kernels.leadingWords(offsets, bytes, texts.length, depth, words.byteOffset)
      return [...words]
    })
    const order = texts.map((_, i) => i).sort((a, b) => Buffer.compare(Buffer.from(texts[a]), Buffer.from(texts[b])))
    order.forEach((row, i) => expect(words[row]).toBeGreaterThanOrEqual(i === 0 ? 0 : words[order[i - 1]]))
  }))
})

it('front-codes sorted strings and puts them together again, as the reference does', () => {
  fc.assert(fc.property(lists, (texts) => {
    const { shared, rest, bytes, order } = both((kernels, account) => {
      const placed = sorted(kernels, account, texts)
      const [shared, rest] = [account.u32(texts.length), account.u32(texts.length)]
      const target = account.u8(texts.join('').length * 4)
      const length = kernels.frontCode(placed.offsets, placed.bytes, placed.order.byteOffset, texts.length,
        shared.byteOffset, rest.byteOffset, target.byteOffset)
      return { shared: [...shared], rest: [...rest], bytes: [...target.subarray(0, length)], order: [...placed.order] }
    })
    const textBytes = texts.reduce((sum, value) => sum + Buffer.byteLength(value), 0)
    expect(joined(shared, rest, bytes, textBytes)).toEqual(order.map((index) => texts[index]))
    if (textBytes > 0) expect(joined(shared, rest, bytes, textBytes - 1)).toBe(null)
    if (bytes.length > 0) expect(joined(shared, rest, bytes.slice(1), textBytes)).toBe(null)
    if (texts.length > 0) expect(joined([1, ...shared.slice(1)], rest, bytes, textBytes + 1)).toBe(null)
  }))
})

/** What both make of front-coded strings, with room for so many bytes; null: the numbers do not fit. */
function joined(shared: readonly number[], rest: readonly number[], rests: readonly number[], room: number): string[] | null {
  return both((kernels, account) => {
    const [ofShared, ofRest, bytes] = [account.u32(shared.length), account.u32(rest.length), account.u8(rests.length)]
    ofShared.set(shared)
    ofRest.set(rest)
    bytes.set(rests)
    const [offsets, texts] = [account.u32(shared.length + 1), account.u8(room)]
    const isWhole = kernels.joinFronts(ofShared.byteOffset, ofRest.byteOffset, shared.length, bytes.byteOffset, rests.length,
      offsets.byteOffset, texts.byteOffset, room)
    return isWhole === 0 ? null : shared.map((_, i) => Buffer.from(texts.subarray(offsets[i], offsets[i + 1])).toString())
  })
}

const uuidish = fc.oneof(fc.uuid(), fc.uuid().map((uuid) => uuid.toUpperCase()), fc.uuid().map((uuid) => uuid.replace('-', '_')),
  fc.uuid().map((uuid) => `${uuid}0`), fc.uuid().map((uuid) => uuid.replace(/[0-9a-f]/, 'g')))

it('packs exactly the UUIDs that it can write again, as the reference does', () => {
  fc.assert(fc.property(fc.oneof(fc.array(fc.uuid()), fc.array(uuidish, { maxLength: 3 })), (texts) => {
    const answer = both((kernels, account) => {
      const { offsets, bytes } = place(account, texts)
      const target = account.u8(texts.length * 16)
      if (kernels.packUuids(offsets, bytes, texts.length, target.byteOffset) === 0) return null
      const again = account.u8(texts.length * 36)
      kernels.formatUuids(target.byteOffset, texts.length, again.byteOffset)
      return Buffer.from(again).toString('latin1')
    })
    const isGood = texts.every((value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value))
    expect(answer).toBe(isGood ? texts.join('') : null)
  }))
})

it('finds the least and the greatest string', () => {
  fc.assert(fc.property(fc.array(text, { minLength: 1, maxLength: 60 }), (texts) => {
    const ends = both((kernels, account) => {
      const { offsets, bytes } = place(account, texts)
      const target = account.u32(2)
      kernels.stringEnds(offsets, bytes, 0, texts.length, target.byteOffset)
      return [...target]
    })
    const sorted = texts.map((value) => Buffer.from(value)).sort(Buffer.compare)
    expect(Buffer.from(texts[ends[0]])).toEqual(sorted[0])
    expect(Buffer.from(texts[ends[1]])).toEqual(sorted[sorted.length - 1])
  }))
})
