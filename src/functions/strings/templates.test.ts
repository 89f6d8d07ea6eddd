// What templates tell of texts (needles, values of JSON) against the same texts as plain strings.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { partsOf } from '../../../storage/column/text-parts.ts'
import type { BytesVector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { kernels, newAccount, TestTable } from '../../exec/test-table.ts'
import { placesInFrames } from '../json/template-json.ts'
import { holdsNeedle } from './template-search.ts'
import { findFunction } from '../registry.ts'
import { STRING, UINT8 } from '../../../storage/column/data-type.ts'
import { valueAt } from '../values/values.ts'
import { asConst, bytesVector } from '../values/vectors.ts'
import type { EvalContext } from '../values/function.ts'

const contextOf = (account: MemoryAccount): EvalContext => ({ account, kernels, nowMs: 0, checkAlive: () => {} })

const number = fc.oneof(fc.nat(9), fc.nat(120), fc.nat(5000), fc.nat(2 ** 31 - 1), fc.constantFrom(0, 42, 420, 4242))

/** A piece of a document: with `#` a number, with `##` one of two digits, `#L` a long one. */
const STEADY = [
  '"tier":"free"', '"tier":"p#"', '"n":#', '"n":-#', '"f":#.##', '"a":[1,#]', '"o":{"n":#,"b":true}', '"k#":#',
  '"at":"##:##"', '"s":"said \\"hi\\" #"', '"x":null', '"é":"#é"', '"o":{"n":"#"}',
]
const OTHER = ['"f":1e#', '"u":"\\u00e9#"', '"u":"\\u00##"', '"z":##', '"big":#L', 'no json #']

const documentsOf = (pieces: readonly string[]) => fc.tuple(
  fc.array(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 }),
  fc.array(fc.tuple(fc.nat(2), fc.array(number, { minLength: 12, maxLength: 12 })), { minLength: 200, maxLength: 260 }))
  .map(([templates, rows]) => rows.map(([which, numbers]) => {
    let at = 0
    return `{${templates[which % templates.length].join(',')}}`.replaceAll(/##|#L|#/g, (mark) => {
      const value = numbers[at++ % 12]
      return mark === '#L' ? `${value}${String(value).padStart(10, '7')}` : mark === '##' ? String(value % 100).padStart(2, '0') : String(value)
    })
  }))
const documents = fc.oneof(documentsOf(STEADY), documentsOf([...STEADY, ...OTHER]))

/** The texts as a scan gets them from a row set; null: not as templates. */
function stored(texts: readonly string[], account: MemoryAccount): BytesVector | null {
  const table = new TestTable('t', 1, [['s', 'String']])
  // Every text once more with a number of its own, so that no dictionary is made.
  table.add(texts.map((text, i) => [`${text} ${i}`]), true)
  const reader = table.rowSets[0].column(1)
  const vector = reader?.dictionary === null ? reader.decode(0, account, null, true) : null
  return vector?.kind === 'bytes' && partsOf(vector) !== null ? vector : null
}

const plainOf = (texts: readonly string[], account: MemoryAccount): BytesVector => {
  const all = texts.map((text) => Buffer.from(text))
  const offsets = account.u32(all.length + 1)
  offsets[0] = 0
  all.forEach((text, i) => { offsets[i + 1] = offsets[i] + text.length })
  const bytes = account.u8(offsets[all.length])
  bytes.set(Buffer.concat(all))
  return bytesVector(STRING, offsets, bytes)
}

describe('templates', () => {
  it('tell whether texts hold a needle', () => {
    fc.assert(fc.property(documents, fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(9), fc.constantFrom('', '4', '0', '7"', ',')), { minLength: 6, maxLength: 6 }),
      (texts, cuts) => {
        const account = newAccount(60 * 2 ** 20)
        const vector = stored(texts, account)
        if (vector !== null) {
          const whole = texts.map((text, i) => `${text} ${i}`)
          for (const [row, start, length, more] of cuts) {
            const text = whole[row % texts.length]
            const from = start % text.length
            const needle = Buffer.from(text.slice(from, from + 1 + length) + more)
            const out = account.u8(texts.length)
            const parts = partsOf(vector)
            if (parts === null || !holdsNeedle(needle, parts, out, contextOf(account))) continue
            const wrong = whole.findIndex((one, i) => out[i] !== (Buffer.from(one).includes(needle) ? 1 : 0))
            expect(wrong < 0 ? '' : `${needle.toString()} in ${whole[wrong]}`).toBe('')
          }
        }
        account.releaseAll()
      }), { numRuns: 60, endOnFailure: true })
  })

  it('tell whether texts are like a pattern', () => {
    const piece = fc.constantFrom('%', '%', '_', '"n":', '7', '42', 'é', '{', '}', ' ')
    const pattern = fc.oneof(fc.constantFrom('', '%', '%%'), fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')))
    const [like, notLike] = [findFunction('like'), findFunction('notLike')]
    if (like === null || notLike === null) throw new Error('no like()')
    fc.assert(fc.property(documents, fc.array(pattern, { minLength: 6, maxLength: 6 }), (texts, patterns) => {
      const account = newAccount(60 * 2 ** 20)
      const vector = stored(texts, account)
      const whole = texts.map((text, i) => `${text} ${i}`)
      for (const [source, call] of vector === null ? [] : patterns.flatMap((one) => [[one, like], [one, notLike]] as const)) {
        const wanted = asConst(plainOf([source], account), whole.length)
        const [told, asked] = [vector as NonNullable<typeof vector>, plainOf(whole, account)].map((text) => {
          const result = call.evaluate([text, wanted], UINT8, whole.length, contextOf(account), null)
          return whole.map((_, row) => valueAt(result, row))
        })
        expect([source, told]).toEqual([source, asked])
      }
      account.releaseAll()
    }), { numRuns: 40, endOnFailure: true, examples: [[Array.from({ length: 200 }, (_, i) => `{"n":${i}}`), ['', '%', '_', '%7%', '{%', '%}']]] })
  })

  it('tell whether texts match a regular expression', () => {
    const piece = fc.constantFrom('"n":', '"', ':', ',', '[0-4]', '\\d', '\\d+', '7', '42', '[^0-9]', '.', '.*', '\\d{2}', 'é', '\\b', '0', '[,}]', '-?', '(1|23)', ' ')
    const pattern = fc.tuple(fc.constantFrom('', '^', '^[{]'), fc.array(piece, { minLength: 1, maxLength: 5 }), fc.constantFrom('', '$', '\\d$'))
      .map(([from, pieces, to]) => `${from}${pieces.join('')}${to}`)
    const match = findFunction('match')
    if (match === null) throw new Error('no match()')
    fc.assert(fc.property(documents, fc.array(pattern, { minLength: 6, maxLength: 6 }), (texts, patterns) => {
      const account = newAccount(60 * 2 ** 20)
      const vector = stored(texts, account)
      if (vector !== null) {
        const whole = texts.map((text, i) => `${text} ${i}`)
        for (const source of patterns) {
          const wanted = asConst(plainOf([source], account), whole.length)
          const [told, asked] = [vector, plainOf(whole, account)].map((text) => {
            const result = match.evaluate([text, wanted], UINT8, whole.length, contextOf(account), null)
            return whole.map((_, row) => valueAt(result, row))
          })
          const wrong = told.findIndex((value, row) => value !== asked[row])
          expect(wrong < 0 ? '' : `${source} in ${whole[wrong]}: ${String(told[wrong])}`).toBe('')
        }
      }
      account.releaseAll()
    }), { numRuns: 60, endOnFailure: true })
  })

  it('tell values of documents as the documents do', () => {
    const paths = [['tier'], ['n'], ['f'], ['o', 'n'], ['o'], ['k1'], ['big'], ['z'], ['a'], ['é']]
    const names = ['JSONExtractString', 'JSONExtractFloat', 'JSONExtractInt', 'JSONExtractUInt']
    fc.assert(fc.property(documents, (texts) => {
      const account = newAccount(60 * 2 ** 20)
      const context = contextOf(account)
      // The number behind a document would make it none: it stands within.
      const whole = texts.map((text, i) => text.replace(/\}$/, `,"id":${i}}`))
      const table = new TestTable('t', 1, [['s', 'String']])
      table.add(whole.map((text) => [text]), true)
      const reader = table.rowSets[0].column(1)
      if (reader?.dictionary === null) {
        const vector = reader.decode(0, account, null, true)
        for (const path of paths) {
          const steps = path.map((step) => asConst(plainOf([step], account), whole.length))
          for (const name of names) {
            const def = findFunction(name)
            if (def === null) throw new Error(name)
            const infos = [vector, ...steps].map(({ type }) => ({ type, constant: undefined }))
            // Types alone are looked at here; the rest of an argument is not.
            const type = def.returnType(infos as unknown as Parameters<typeof def.returnType>[0])
            const [found, read] = [vector, plainOf(whole, account)].map((text) => {
              const result = def.evaluate([text, ...steps], type, whole.length, context, null)
              return whole.map((_, row) => valueAt(result, row))
            })
            const wrong = found.findIndex((value, row) => value !== read[row])
            expect(wrong < 0 ? '' : `${name} ${path.join('.')} of ${whole[wrong]}: ${String(found[wrong])}, not ${String(read[wrong])}`).toBe('')
          }
        }
      }
      account.releaseAll()
    }), { numRuns: 40, endOnFailure: true })
  })

  it('are used for documents of one shape', () => {
    const account = newAccount(60 * 2 ** 20)
    const context = contextOf(account)
    const texts = Array.from({ length: 400 }, (_, i) => `{"tier":"${['free', 'pro'][i % 2]}","n":${i * 7919},`
      + `"nested":{"a":${i % 3 === 0},"b":[1,2]},"duration":${(i * 37) % 1000},"note":"said \\"hi\\" #${i * 7919}"}`)
    const table = new TestTable('t', 1, [['s', 'String']])
    table.add(texts.map((text) => [text]), true)
    const vector = table.rowSets[0].column(1)?.decode(0, account, null, true)
    const parts = vector === undefined ? null : partsOf(vector)
    if (vector === undefined || parts === null) throw new Error('no templates')
    for (const needle of ['"duration":42', '42,', '"duration":4', 'b":[1,2],"d', '#79', '#7919"', '"a":true', '7', '"n":0,', 'x']) {
      const out = account.u8(texts.length)
      const isTold = holdsNeedle(Buffer.from(needle), parts, out, context)
      expect(isTold).toBe(needle !== '7') // digits within digits are not looked for
      if (isTold) expect([...out]).toEqual(texts.map((text) => (text.includes(needle) ? 1 : 0)))
    }
    const slots = ['tier', 'n', 'duration', 'nested', 'none'].map((key) =>
      placesInFrames(vector, [{ key: Buffer.from(key) }], context)?.places.map(({ slot, end }) => (end === 0 ? 'none' : slot >= 0)))
    expect(slots.map((one) => one?.[0])).toEqual([false, true, true, undefined, 'none'])
    account.releaseAll()
  })
})
