import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  CELL_COLUMN_WORDS, CELLS, cellsReference, DATE_ONLY, DOUBLES, INTEGER_KINDS, INTEGERS, NUMBER_BYTES, TEXTS, type CellKernels,
} from './cells.ts'
import { bindKernels, compileKernels } from './load.ts'
import { MemoryAccount, WorkMemory } from './work-memory.ts'

const work = new WorkMemory(8 * 2 ** 20)
const compiled = bindKernels(compileKernels(), work)
const reference = cellsReference(work)

/** What both write; they must agree. */
function both<T>(act: (kernels: CellKernels, account: MemoryAccount) => T): T {
  const answers = [compiled, reference].map((kernels) => {
    const account = new MemoryAccount(work, 6 * 2 ** 20)
    const answer = act(kernels, account)
    account.releaseAll()
    return answer
  })
  expect(answers[0]).toEqual(answers[1])
  return answers[0]
}

const textsOf = (cells: Uint32Array, target: Uint8Array): string[] => (
  Array.from(cells.subarray(1), (end, i) => Buffer.from(target.subarray(cells[i], end)).toString('latin1')))

function nullsOf(account: MemoryAccount, nulls: readonly boolean[] | null): number {
  if (nulls === null) return 0
  const bytes = account.u8(nulls.length)
  nulls.forEach((isNull, row) => { bytes[row] = Number(isNull) })
  return bytes.byteOffset
}

/** An array of a kind at the end of a cell's 64 bytes: alignments differ. */
function placeNumbers(account: MemoryAccount, kind: number, values: readonly bigint[]): number {
  const Kind = INTEGER_KINDS[kind]
  const array = new Kind(work.buffer, account.allocate(values.length * 8), values.length)
  values.forEach((value, row) => { array[row] = kind > 6 ? value : Number(value) })
  return array.byteOffset
}

const nullable = fc.option(fc.infiniteStream(fc.boolean()))
const hostile = fc.oneof(fc.uint8Array({ maxLength: 70 }), fc.string({ maxLength: 40 }).map((text) => Buffer.from(text)),
  fc.array(fc.constantFrom('"', '\\', '/', '\n', '\0', '\x1f', 'plain text that has sixteen bytes', 'é'), { maxLength: 6 })
    .map((pieces) => Buffer.from(pieces.join(''))))

it('escapes strings as the reference does, and as JSON asks', () => {
  fc.assert(fc.property(fc.array(hostile, { maxLength: 30 }), nullable, fc.nat(3), (texts, stream, skip) => {
    const from = Math.min(skip, texts.length)
    const count = texts.length - from
    const nulls = stream === null ? null : texts.map(() => stream.next().value as boolean)
    const found = both((kernels, account) => {
      const offsets = account.u32(texts.length + 1)
      offsets[0] = 0
      texts.forEach((text, row) => { offsets[row + 1] = offsets[row] + text.length })
      const bytes = account.u8(offsets[texts.length])
      texts.forEach((text, row) => bytes.set(text, offsets[row]))
      const cells = account.u32(count + 1)
      const target = account.u8(bytes.length * 6 + count * 4)
      const length = kernels.stringCells(offsets.byteOffset, bytes.byteOffset, nullsOf(account, nulls), from, count,
        cells.byteOffset, target.byteOffset)
      expect(length).toBe(cells[count])
      return textsOf(cells, target)
    })
    found.forEach((text, i) => {
      if (nulls?.[from + i] === true) expect(text).toBe('null')
      else expect(JSON.parse(text)).toBe(Buffer.from(texts[from + i]).toString('latin1'))
    })
  }))
})

const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }), fc.nat(11))
  .map(([digits, places]) => Number(`${digits}e-${places}`))
const double = fc.oneof(decimal, decimal, fc.integer(), fc.integer().map((n) => n / 64), fc.double(),
  fc.constantFrom(0, -0, 0.1, 0.3, 0.001, 0.0009999, 1e15, 999_999_999_999_999, 1e21, Number.NaN, Infinity, 5e-324, 123456789.12345679))

/** Whether kernels write it: at most 15 digits, at most nine of them behind the point. */
function isShort(value: number): boolean {
  const plain = String(Math.abs(value))
  return Object.is(value, 0) || (/^\d+(\.\d{1,9})?$/.test(plain) && plain.replace('.', '').replace(/^0+/, '').length <= 15
    && Number(plain) >= 0.001)
}

it('writes doubles of few digits as the shortest text, and stops at others', () => {
  fc.assert(fc.property(fc.array(double, { maxLength: 40 }), nullable, fc.nat(3), (values, stream, skip) => {
    const from = Math.min(skip, values.length)
    const count = values.length - from
    const nulls = stream === null ? null : values.map(() => stream.next().value as boolean)
    const pieces = both((kernels, account) => {
      const array = account.f64(values.length)
      array.set(values)
      const cells = account.u32(count + 1)
      const target = account.u8(count * NUMBER_BYTES)
      const stops: number[] = []
      for (let first = 0; ; first++) {
        first = kernels.floatCells(array.byteOffset, nullsOf(account, nulls), from, first, count, cells.byteOffset, target.byteOffset)
        if (first === count) break
        stops.push(first)
        target[cells[first]] = 63
        cells[first + 1] = cells[first] + 1
      }
      return { texts: textsOf(cells, target), stops }
    })
    pieces.texts.forEach((text, i) => {
      if (nulls?.[from + i] === true) expect(text).toBe('null')
      else if (pieces.stops.includes(i)) expect(text).toBe('?')
      else expect(text).toBe(String(values[from + i]))
    })
    for (const i of pieces.stops) expect([values[from + i], isShort(values[from + i])]).toEqual([values[from + i], false])
  }), { numRuns: 300 })
})

/** Rows of columns, each with a comma behind it; a number: joinCells() does not write them. */
function joined(kernels: CellKernels, account: MemoryAccount, entries: Uint32Array, count: number): string[] | number {
  const columnCount = entries.length / CELL_COLUMN_WORDS
  const comma = account.u8(1).fill(44).byteOffset
  const most = kernels.joinedCellsLength(entries.byteOffset, columnCount, 1, count)
  expect(most).toBe(count * (1 + columnCount * NUMBER_BYTES))
  const target = account.u8(most)
  const length = kernels.joinCells(entries.byteOffset, columnCount, comma, 1, count, target.byteOffset, 0, 0)
  return length < 0 ? length : Buffer.from(target.subarray(0, length)).toString().split(',').slice(0, count)
}

it('writes whole numbers of every width into rows', () => {
  const bits = [8, 8, 16, 16, 32, 32, 53, 64, 64]
  fc.assert(fc.property(fc.nat(8), fc.infiniteStream(fc.bigInt(-(2n ** 63n), 2n ** 64n)), fc.nat(40), nullable,
    (kind, stream, count, nullStream) => {
      const isSigned = kind % 2 === 1 || kind === 6
      const values = Array.from({ length: count }, (_, row) => {
        // Extremes first, then anything cut to the width, also short ones.
        const wide = row === 0 ? -1n : row === 1 ? 2n ** BigInt(bits[kind] - 1) : stream.next().value as bigint >> BigInt(row % 60)
        if (kind === 6) return wide % 2n ** 53n
        return isSigned ? BigInt.asIntN(bits[kind], wide) : BigInt.asUintN(bits[kind], wide)
      })
      const nulls = nullStream === null ? null : values.map(() => nullStream.next().value as boolean)
      const found = both((kernels, account) => {
        const entry = account.u32(CELL_COLUMN_WORDS).fill(0)
        entry.set([INTEGERS + kind, placeNumbers(account, kind, values), nullsOf(account, nulls)])
        return joined(kernels, account, entry, count)
      })
      expect(found).toEqual(values.map((value, row) => (nulls?.[row] === true ? 'null' : String(value))))
    }))
})

it('writes doubles into rows, up to one of many digits', () => {
  fc.assert(fc.property(fc.array(double, { maxLength: 40 }), nullable, fc.boolean(), (any, stream, isClean) => {
    const values = isClean ? any.filter(isShort) : any
    const nulls = stream === null ? null : values.map(() => stream.next().value as boolean)
    const found = both((kernels, account) => {
      const array = account.f64(values.length)
      array.set(values)
      const entries = account.u32(2 * CELL_COLUMN_WORDS).fill(0)
      entries.set([INTEGERS, account.u8(values.length).fill(7).byteOffset])
      entries.set([DOUBLES, array.byteOffset, nullsOf(account, nulls)], CELL_COLUMN_WORDS)
      return joined(kernels, account, entries, values.length)
    })
    if (values.every((value, i) => nulls?.[i] === true || isShort(value))) {
      expect(found).toEqual(values.map((value, i) => `7${nulls?.[i] === true ? 'null' : String(value)}`))
    } else expect(found).toBe(-2)
  }), { numRuns: 300 })
})

it('writes dates and moments from 1900 to 2299', () => {
  const second = fc.integer({ min: -2208988800, max: 10413791999 })
  fc.assert(fc.property(fc.array(second, { maxLength: 30 }), fc.constantFrom(0, 1, 3, 9, DATE_ONLY), fc.nat(999999999), nullable,
    (all, precision, fraction, nullStream) => {
      // Neighbours share a day often.
      const seconds = all.flatMap((value) => [value, value, value + 1])
      const nulls = nullStream === null ? null : seconds.map(() => nullStream.next().value as boolean)
      both((kernels, account) => {
        const values = account.f64(seconds.length)
        values.set(seconds)
        const fractions = account.u32(seconds.length).fill(precision > 9 ? 0 : fraction % 10 ** precision)
        const cells = account.u32(seconds.length + 1)
        const target = account.u8(seconds.length * 32)
        kernels.momentCells(values.byteOffset, fractions.byteOffset, precision, nullsOf(account, nulls), seconds.length,
          cells.byteOffset, target.byteOffset)
        return textsOf(cells, target)
      })
    }))
})

it('joins rows from cells and texts, with what stands before each', () => {
  const text = fc.oneof(fc.string({ maxLength: 40 }), fc.constant('x'.repeat(300)), fc.constant(''))
  const column = fc.record({ texts: fc.array(text, { minLength: 1, maxLength: 5 }), before: fc.string({ maxLength: 20 }), isByRow: fc.boolean() })
  fc.assert(fc.property(fc.array(column, { maxLength: 4 }), fc.string({ maxLength: 3 }), (columns, tail) => {
    const count = Math.min(5, ...columns.filter(({ isByRow }) => isByRow).map(({ texts }) => texts.length))
    const cellAt = ({ texts, isByRow }: typeof columns[number], row: number) => texts[isByRow ? row : (row * 7) % texts.length]
    const found = both((kernels, account) => {
      const put = (value: string | Buffer) => {
        const bytes = Buffer.from(value)
        const place = account.u8(bytes.length)
        place.set(bytes)
        return [place.byteOffset, bytes.length]
      }
      const entries = account.u32(columns.length * CELL_COLUMN_WORDS)
      columns.forEach((one, index) => {
        const cells = account.u32(one.texts.length + 1)
        cells[0] = 0
        one.texts.forEach((value, row) => { cells[row + 1] = cells[row] + Buffer.byteLength(value) })
        const rows = account.u32(count)
        rows.forEach((_, row) => { rows[row] = cells[(row * 7) % one.texts.length] + 4 * ((row * 7) % one.texts.length) })
        const behindLengths = one.texts.flatMap((value) => [Buffer.from(Uint32Array.of(Buffer.byteLength(value)).buffer), Buffer.from(value)])
        entries.set(one.isByRow ? [CELLS, cells.byteOffset, put(one.texts.join(''))[0], ...put(one.before)]
          : [TEXTS, rows.byteOffset, put(Buffer.concat(behindLengths))[0], ...put(one.before)], index * CELL_COLUMN_WORDS)
      })
      const [tailAt, tailLength] = put(tail)
      const length = kernels.joinedCellsLength(entries.byteOffset, columns.length, tailLength, count)
      const target = account.u8(length)
      const ends = account.u32(count)
      expect(kernels.joinCells(entries.byteOffset, columns.length, tailAt, tailLength, count, target.byteOffset, ends.byteOffset, 3))
        .toBe(length)
      expect(kernels.joinCells(entries.byteOffset, columns.length, tailAt, tailLength, count, target.byteOffset, 0, 0)).toBe(length)
      return [...ends].map((end, row) => Buffer.from(target).subarray(row === 0 ? 0 : ends[row - 1] - 3, end - 3).toString())
    })
    expect(found).toEqual(Array.from({ length: count }, (_, row) => (
      `${columns.map((one) => one.before + cellAt(one, row)).join('')}${tail}`)))
  }))
})

it.each([true, false])('writes the text of a code once, and says where it is (a word a code: %s)', (isDirect) => {
  const codesMax = 64
  const small = fc.nat(codesMax - 1)
  const code = isDirect ? small : fc.oneof(small, fc.nat(2 ** 31), fc.constantFrom(0, 65_536, 131_072, 4_294_967_294))
  fc.assert(fc.property(fc.array(fc.array(code, { maxLength: 20 }), { maxLength: 4 }), nullable, (pieces, stream) => {
    const all = pieces.flat()
    const nulls = stream === null ? null : all.map(() => stream.next().value as boolean)
    const found = both((kernels, account) => {
      const codes = account.u32(all.length)
      codes.set(all)
      const known = account.u32(isDirect ? codesMax : 2 * 256).fill(0)
      const [rows, fresh, other, ends] = [account.u32(20), account.u32(20), account.u32(20), account.u32(21)]
      const mask = nullsOf(account, nulls)
      const texts = account.u8(4096)
      texts.set(Buffer.from('\x04\0\0\0null'))
      let [at, from] = [8, 0]
      return pieces.map(({ length }) => {
        const places = isDirect ? fresh : other
        const added = isDirect
          ? kernels.codeTexts(codes.byteOffset, mask, from, length, known.byteOffset, rows.byteOffset, fresh.byteOffset)
          : kernels.codeTextsBySlots(codes.byteOffset, mask, from, length, known.byteOffset, 255, rows.byteOffset,
            fresh.byteOffset, places.byteOffset)
        const written = Array.from(fresh.subarray(0, added), (one) => `<${one}>`)
        ends[0] = 0
        written.forEach((text, i) => { ends[i + 1] = ends[i] + text.length })
        const bytes = account.u8(ends[added])
        bytes.set(Buffer.from(written.join('')))
        at = kernels.placeTexts(ends.byteOffset, bytes.byteOffset, added, texts.byteOffset, at, known.byteOffset,
          places.byteOffset, rows.byteOffset, length)
        from += length
        return Array.from(rows.subarray(0, length), (start) =>
          Buffer.from(texts.subarray(start + 4, start + 4 + texts[start])).toString())
      })
    })
    expect(found.flat()).toEqual(all.map((one, row) => (nulls?.[row] === true ? 'null' : `<${one}>`)))
  }), { numRuns: 200 })
})
