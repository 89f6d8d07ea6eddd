import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  JSON_ASK, JSON_INVALID, JSON_PATH_WORDS, JSON_SHAPE_BYTES, jsonReference, locateValue, type JsonKernels, type JsonStep,
} from './json.ts'
import { bindKernels, compileKernels } from './load.ts'
import { MemoryAccount, WorkMemory } from './work-memory.ts'

const work = new WorkMemory(16 * 2 ** 20)
const compiled: JsonKernels = bindKernels(compileKernels(), work)
const reference = jsonReference(work)

const step = (of: string | number): JsonStep => (typeof of === 'number' ? { index: of, ofArrays: false } : { key: Buffer.from(of) })
const PATHS: readonly (readonly JsonStep[])[] = [['a'], ['b', 'c'], [], ['a', 1], ['é'], [2], ['b', 'c', 'a'], ['', 'a']]
  .map((path) => path.map(step)).concat([[{ key: Buffer.from('a') }, { index: 1, ofArrays: true }]])

function place(account: MemoryAccount, documents: readonly Uint8Array[]) {
  const offsets = account.u32(documents.length + 1)
  offsets[0] = 0
  documents.forEach((bytes, i) => { offsets[i + 1] = offsets[i] + bytes.length })
  const bytes = account.u8(offsets[documents.length])
  documents.forEach((value, i) => bytes.set(value, offsets[i]))
  return { offsets, bytes }
}

/** For each document: null for no JSON, else the texts that the paths lead to. */
function located(kernel: JsonKernels, documents: readonly Uint8Array[]): (readonly (string | null)[] | null)[] {
  const account = new MemoryAccount(work, 8 * 2 ** 20)
  const { offsets, bytes } = place(account, documents)
  const count = documents.length
  const paths = account.u32(PATHS.length * JSON_PATH_WORDS)
  PATHS.forEach((path, p) => {
    paths[p * JSON_PATH_WORDS] = path.length
    path.forEach((one, i) => {
      const key = 'key' in one ? account.u8(one.key.length) : null
      if (key !== null && 'key' in one) key.set(one.key)
      paths[p * JSON_PATH_WORDS + 1 + 2 * i] = key !== null ? key.byteOffset : 'ofArrays' in one && one.ofArrays ? 1 : 0
      paths[p * JSON_PATH_WORDS + 2 + 2 * i] = 'key' in one ? one.key.length : one.index
    })
  })
  const status = account.u8(count)
  const target = account.u32(PATHS.length * 2 * count)
  kernel.locateJson(offsets.byteOffset, bytes.byteOffset, count, paths.byteOffset, PATHS.length, status.byteOffset, target.byteOffset,
    account.u8(JSON_SHAPE_BYTES).byteOffset)
  const answers = documents.map((_, row) => {
    const texts = PATHS.map((path, p) => {
      const found = status[row] === JSON_ASK ? locateValue(bytes, offsets[row], offsets[row + 1], path)
        : [target[2 * p * count + row], target[(2 * p + 1) * count + row]]
      return found === undefined ? undefined : found === null || found[1] === 0 ? null
        : Buffer.from(bytes.slice(found[0], found[1])).toString('latin1')
    })
    return status[row] === JSON_INVALID || texts[0] === undefined ? null : texts as (string | null)[]
  })
  account.releaseAll()
  return answers
}

const key = fc.constantFrom('a', 'b', 'c', 'é', '', 'aa', 'a"', '\\')
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 4 }, fc.constantFrom(0, 1, -1, 1.5, true, false, null, '', 'x', 'é', '"', '\n', 'a\u0000', 9e15, 1e-7, 1e300),
    fc.array(tie('tree'), { maxLength: 3 }), fc.dictionary(key, tie('tree'), { maxKeys: 4 })),
}))
const spaced = fc.tuple(tree, fc.constantFrom(undefined, 1, '\t')).map(([value, space]) => JSON.stringify(value, null, space))
const piece = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"b"', '"c"', '"é"', '"', '\\', '\\u00e9', '\\ud83d\\ude00', '\\ud83d', '\\udc00', '1', '-', '0',
  '1.5', 'e', '1e5', '1e400', '.', 'true', 'fals', 'null', ' ', '\n', '\u0000', '12345678901234567890', '18446744073709551616', '-9223372036854775808', 'é', '\u0080')
const wild = fc.array(piece, { maxLength: 12 }).map((parts) => Buffer.from(parts.join('')))
const damaged = fc.tuple(spaced, fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(34, 92, 44, 125, 0x80, 0xff, 0xed, 0xc0)))
  .map(([text, at, byte]) => {
    const bytes = Buffer.from(text)
    bytes[at % bytes.length] = byte
    return bytes
  })

describe('locateJson', () => {
  it('finds what the reference finds, in good documents and bad ones', () => {
    const document = fc.oneof(spaced.map((text) => Buffer.from(text)), wild, damaged)
    fc.assert(fc.property(fc.array(document, { maxLength: 12 }), (documents) => {
      expect(located(compiled, documents)).toEqual(located(reference, documents))
    }), { numRuns: 600 })
  })

  it('finds what the reference finds in documents of a few shapes', () => {
    const scalar = fc.oneof(fc.integer(), fc.constantFrom('1.5e3', 'true', 'null', '"x"', '"a long string, longer than sixteen"', '"\\"é\\\\"', '""', '12345678901234567890', 'tru', '"\\x"'),
      fc.constantFrom('[1]', '{"a":1}')).map(String)
    const shapes = ['{"a":$,"b":{"c":$}}', '{ "b" : { "c" : $, "x": [$, $] }, "a":$ }', '{"z":$,"a":[$],"a":$}', '[$,$]', '$', '{"b":{"c":$},"a":"$"}', '\ufeff{"a":$}']
    const document = fc.tuple(fc.nat(shapes.length - 1), fc.array(scalar, { minLength: 4, maxLength: 4 }))
      .map(([shape, values]) => Buffer.from(values.reduce((text, value) => text.replace('$', () => value), shapes[shape])))
    fc.assert(fc.property(fc.array(fc.tuple(document, fc.integer({ min: 1, max: 4 })), { maxLength: 14 }), (runs) => {
      const documents = runs.flatMap(([one, times]) => Array.from({ length: times }, () => one))
      expect(located(compiled, documents)).toEqual(located(reference, documents))
    }), { numRuns: 600 })
  })

  it('agrees with JSON.parse on what values are', () => {
    fc.assert(fc.property(tree, (value) => {
      const parsed = JSON.parse(JSON.stringify(value)) as Record<string, Record<string, unknown>> | null
      const [answer] = located(compiled, [Buffer.from(JSON.stringify(value))])
      const wanted = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : {}
      const own = (of: unknown, name: string): unknown => (typeof of === 'object' && of !== null && !Array.isArray(of)
        && Object.hasOwn(of, name) ? (of as Record<string, unknown>)[name] : undefined)
      const text = (of: unknown) => (of === undefined ? null : Buffer.from(JSON.stringify(of)).toString('latin1'))
      expect(answer?.[0]).toEqual(text(own(wanted, 'a')))
      expect(answer?.[1]).toEqual(text(own(own(wanted, 'b'), 'c')))
      expect(answer?.[2]).toEqual(text(value))
    }), { numRuns: 500 })
  })

  it('takes 1024 levels and no more', () => {
    const nested = (levels: number) => Buffer.from(`{"a":1,"b":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`)
    for (const kernel of [compiled, reference]) {
      expect(located(kernel, [nested(1024), nested(1025)]).map((texts) => texts?.[0] ?? null)).toEqual(['1', null])
    }
  })
})

const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0.1, 1e22, 1e23, 5e-324, 123456789012345, 1234567890123456))
  .map((value) => JSON.stringify(value))
const odd = fc.constantFrom('-0', '-0.0', '0.000', '1e5', '1E+05', '-1.50e-3', '000', '1e22', '1e23', '0.0000000000000000000001', '123456789012345.0', '', '"1"', 'true', '[1]', '1e99999999999')

describe('readJsonNumbers', () => {
  it('gives the nearest double or leaves it to others', () => {
    fc.assert(fc.property(fc.array(fc.oneof(number, odd), { maxLength: 30 }), (texts) => {
      const answers = [compiled, reference].map((kernel) => {
        const account = new MemoryAccount(work, 2 ** 20)
        const { offsets, bytes } = place(account, texts.map((text) => Buffer.from(text)))
        const [values, kinds] = [account.f64(texts.length), account.u8(texts.length)]
        kernel.readJsonNumbers(bytes.byteOffset, offsets.byteOffset, offsets.byteOffset + 4, texts.length, values.byteOffset, kinds.byteOffset)
        const answer = { values: [...values], kinds: [...kinds] }
        account.releaseAll()
        return answer
      })
      expect(answers[0]).toEqual(answers[1])
      answers[0].kinds.forEach((kind, i) => { if (kind !== 0) expect(answers[0].values[i]).toBe(kind === 1 ? Number(texts[i]) + 0 : Number(texts[i])) })
    }), { numRuns: 500 })
  })
})

describe('readJsonStrings', () => {
  it('reads escapes as JSON.parse does', () => {
    const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 20 }).map((value) => JSON.stringify(value)),
      fc.constantFrom('"\\u00e9"', '"\\ud83d\\ude00x"', '"\\u0000\\b\\f\\n\\r\\t\\/\\\\\\""', '""', '1', '{"a":"x"}', ''))
    fc.assert(fc.property(fc.array(text, { maxLength: 20 }), (texts) => {
      for (const kernel of [compiled, reference]) {
        const account = new MemoryAccount(work, 2 ** 20)
        const { offsets, bytes } = place(account, texts.map((value) => Buffer.from(value)))
        const [outOffsets, out] = [account.u32(texts.length + 1), account.u8(bytes.length)]
        const others = kernel.readJsonStrings(bytes.byteOffset, offsets.byteOffset, offsets.byteOffset + 4, texts.length, outOffsets.byteOffset, out.byteOffset)
        expect(others).toBe(texts.filter((value) => value !== '' && !value.startsWith('"')).length)
        expect(texts.map((_, i) => Buffer.from(out.slice(outOffsets[i], outOffsets[i + 1])).toString()))
          .toEqual(texts.map((value) => (value.startsWith('"') ? Buffer.from(JSON.parse(value) as string).toString() : '')))
        account.releaseAll()
      }
    }), { numRuns: 300 })
  })
})
