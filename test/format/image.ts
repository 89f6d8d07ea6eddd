// An independent reader of images: footer, blocks, dictionaries, postings, zones (FORMAT.md, 3). Everything
// that FORMAT.md says of them is compared with the bytes on the way.

import { bits, bitsOf, crc, Cursor, expectCrc, unpackLz4 } from './bytes.ts'

/** Numbers, texts, lists; null is NULL. Bytes of strings as they are. */
export type Value = null | number | bigint | Buffer | readonly Value[]

const TYPES = [
  'String', 'DateTime', 'LowCardinality(String)', 'Nullable(String)', 'Int64', 'UInt64', 'Int32', 'UInt32',
  'Float64', 'UInt8', 'Bool', 'Date', 'DateTime64(3)', 'UUID', 'Array(String)',
]
const BLOCK_ROWS = 8192
const PAGE_BYTES = 32_768

type TypeTree = { readonly name: string; readonly args: readonly string[] }

/** `Map(String, Array(UInt8))`: name and arguments. */
function treeOf(type: string): TypeTree {
  const at = type.indexOf('(')
  if (at < 0) return { name: type, args: [] }
  const args: string[] = []
  let [depth, from] = [0, at + 1]
  for (let i = at + 1; i < type.length; i++) {
    if (type[i] === '(') depth++
    else if (type[i] === ')' && depth-- > 0) continue
    else if (type[i] === ',' && depth === 0) {
      args.push(type.slice(from, i).trim())
      from = i + 1
    }
  }
  return { name: type.slice(0, at), args: [...args, type.slice(from, -1).trim()] }
}

const bare = (type: string): TypeTree => {
  const tree = treeOf(type)
  return ['Nullable', 'LowCardinality'].includes(tree.name) ? bare(tree.args[0])
    : tree.name === 'SimpleAggregateFunction' ? bare(tree.args[1]) : tree
}

/** A field of a tuple may have a name before its type. */
const fieldType = (text: string): string => /^`?\w+`? (.+)$/.exec(text)?.[1] ?? text

/** Codecs, ways and kinds that were met in the image at hand, at any depth. */
const seen = new Set<string>()

/** FORMAT.md, 3.2. */
function stream(cursor: Cursor, count: number): bigint[] {
  const way = cursor.u8()
  seen.add(`way ${way}`)
  const base = cursor.signed()
  const packed = (numbers: number, width: number): number[] => {
    const bytes = cursor.take(Math.ceil(numbers * width / 8))
    return Array.from({ length: numbers }, (_, i) => bits(bytes, i * width, width))
  }
  const all = Array.from({ length: count }, (_, i) => i)
  if (way === 0) return all.map(() => base)
  if (way === 1) return packed(count, cursor.u8()).map((difference) => base + BigInt(difference))
  if (way === 2) {
    const least = cursor.signed()
    const stepWidth = cursor.u8()
    if (stepWidth === 0) return all.map((i) => base + BigInt(i) * least)
    const checks = packed(Math.ceil(count / 128), cursor.u8())
    const steps = packed(count, stepWidth)
    let value = 0n
    return all.map((i) => {
      value = i === 0 ? base + BigInt(checks[0]) : value + least + BigInt(steps[i])
      if (i % 128 === 0 && value !== base + BigInt(checks[i / 128])) throw new Error('STEPS: a check differs')
      return value
    })
  }
  if (way === 3) {
    const width = cursor.u8()
    const runs = cursor.varint()
    const ends = packed(runs, bitsOf(count))
    const differences = packed(runs, width)
    return differences.flatMap((difference, run) =>
      Array.from({ length: ends[run] - (run === 0 ? 0 : ends[run - 1]) }, () => base + BigInt(difference)))
  }
  if (way !== 4) throw new Error(`way ${way}`)
  const width = cursor.u8()
  const low = all.map(() => cursor.u32())
  return packed(count, width - 32).map((high, i) => base + BigInt(high) * 2n ** 32n + BigInt(low[i]))
}

const whole = (cursor: Cursor, count: number): number[] => stream(cursor, count).map(Number)

const uuidText = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'))

function strings(cursor: Cursor, codec: number, rows: number): Buffer[] {
  if (codec === 8) return Array.from({ length: rows }, () => uuidText(cursor.take(16)))
  const offsets = whole(cursor, rows + 1)
  if (codec === 5) {
    const bytes = cursor.take(offsets[rows])
    return Array.from({ length: rows }, (_, row) => bytes.subarray(offsets[row], offsets[row + 1]))
  }
  if (codec !== 6) throw new Error(`codec ${codec} of strings`)
  const rowsLog2 = cursor.u8()
  const chunks = Math.ceil(rows / 2 ** rowsLog2)
  const ends = whole(cursor, chunks + 1)
  const packed = cursor.take(ends[chunks])
  const plain = Buffer.concat(Array.from({ length: chunks }, (_, chunk) => unpackLz4(packed.subarray(ends[chunk], ends[chunk + 1]))))
  return Array.from({ length: rows }, (_, row) => plain.subarray(offsets[row], offsets[row + 1]))
}

/** Codec 9: the distinct strings, then which each row has. */
function distinct(cursor: Cursor, rows: number): Buffer[] {
  const count = cursor.varint()
  const end = cursor.varint() + cursor.at
  const texts = strings(cursor, cursor.u8(), count)
  if (cursor.at !== end) throw new Error('DISTINCT: the strings have another length')
  return whole(cursor, rows).map((code) => texts[code])
}

function templates(cursor: Cursor, rows: number): Buffer[] {
  const slotCount = cursor.varint()
  const frames = distinct(cursor, rows)
  const slots: number[][] = []
  for (let slot = 0; slot < slotCount; slot++) {
    const same = cursor.varint()
    slots.push(same === 0 ? whole(cursor, rows) : slots[same - 1])
  }
  return frames.map((frame, row) => {
    let slot = 0
    return Buffer.concat(Array.from(frame, (byte) => byte > 9 ? Buffer.of(byte)
      : Buffer.from(String(slots[slot++][row]).padStart(byte, '0'))))
  })
}

function serials(cursor: Cursor, rows: number): Buffer[] {
  const prefix = cursor.sized()
  const digits = cursor.u8()
  const suffix = cursor.sized()
  return stream(cursor, rows).map((value) => Buffer.concat([prefix, Buffer.from(String(value).padStart(digits, '0')), suffix]))
}

/** FORMAT.md, 3.1. */
function block(cursor: Cursor, type: string, rows: number): Value[] {
  const mark = cursor.u8()
  const nulls = mark < 128 ? null : cursor.take(Math.ceil(rows / 8))
  const values = body(cursor, mark % 128, type, rows)
  return values.map((value, row) => nulls !== null && bits(nulls, row, 1) === 1 ? null : value)
}

function body(cursor: Cursor, codec: number, type: string, rows: number): Value[] {
  const { name, args } = bare(type)
  seen.add(`codec ${codec}`)
  switch (codec) {
    case 1: return whole(cursor, rows)
    case 2: return stream(cursor, rows)
    case 3: return Array.from({ length: rows }, () => name === 'Float32' ? cursor.take(4).readFloatLE() : cursor.f64())
    case 4: {
      const scale = 10 ** cursor.u8()
      return whole(cursor, rows).map((value) => name === 'Float32' ? Math.fround(value / scale) : value / scale)
    }
    case 7: return serials(cursor, rows)
    case 9: return distinct(cursor, rows)
    case 10: {
      const offsets = whole(cursor, rows + 1)
      const values = block(cursor, name === 'Map' ? `Tuple(${args.join(', ')})` : args[0], offsets[rows])
      return Array.from({ length: rows }, (_, row) => values.slice(offsets[row], offsets[row + 1]))
    }
    case 11: {
      const fields = Array.from({ length: cursor.varint() }, (_, field) => block(cursor, fieldType(args[field]), rows))
      return Array.from({ length: rows }, (_, row) => fields.map((field) => field[row]))
    }
    case 12: return templates(cursor, rows)
    default: return strings(cursor, codec, rows)
  }
}

/** FORMAT.md, 3.3. */
function dictionary(section: Buffer, size: number): Buffer[] {
  const cursor = new Cursor(section)
  const form = cursor.u8()
  if (form === 3) return Array.from({ length: size }, () => uuidText(cursor.take(16)))
  const shared = form === 0 ? null : whole(cursor, size)
  const lengths = whole(cursor, size)
  const tail = section.subarray(cursor.at)
  const rest = new Cursor(form === 2 ? unpackLz4(tail) : tail)
  const texts: Buffer[] = []
  for (let code = 0; code < size; code++) {
    const before = code === 0 ? Buffer.alloc(0) : texts[code - 1]
    texts.push(Buffer.concat([before.subarray(0, shared?.[code] ?? 0), rest.take(lengths[code])]))
    if (code > 0 && Buffer.compare(before, texts[code]) >= 0) throw new Error('a dictionary that does not ascend')
  }
  return texts
}

/** FORMAT.md, 3.4: the rows of each code. */
function postings(pages: Buffer, directory: Buffer, size: number): number[][] {
  const cursor = new Cursor(directory)
  const rowBits = cursor.u8()
  const groups = Math.ceil(size / 16)
  const starts = whole(cursor, groups + 1)
  const lists: number[][] = []
  for (let group = 0; group < groups; group++) {
    const bytes = pages.subarray(starts[group], starts[group + 1])
    let at = 0
    const next = (width: number): number => bits(bytes, (at += width) - width, width)
    for (let code = group * 16; code < Math.min(size, group * 16 + 16); code++) {
      const n = next(5)
      const count = 2 ** n + next(n) - 1
      const end = count >= 64 ? next(32) + at : -1
      const rows: number[] = count === 0 ? [] : [next(rowBits)]
      const k = count >= 2 ? next(5) : 0
      while (rows.length < count) {
        let high = 0
        while (high < 16 && next(1) === 1) high++
        const gap = high === 16 ? next(32) : high * 2 ** k + next(k)
        rows.push(rows[rows.length - 1] + gap + 1)
      }
      if (end >= 0 && at !== end) throw new Error('a list of postings has another length')
      lists.push(rows)
    }
  }
  return lists
}

type Zone = null | readonly [min: Value, max: Value]

function zone(cursor: Cursor): Zone {
  const kind = cursor.u8()
  seen.add(`zone ${kind}`)
  if (kind === 0) return null
  const first = kind === 3 ? cursor.f64() : kind === 4 ? cursor.sized() : cursor.signed()
  if (kind === 1) return [first, first]
  if (kind === 2) return [first, BigInt(first as bigint) + cursor.big()]
  return [first, kind === 3 ? cursor.f64() : kind === 4 ? cursor.sized() : cursor.signed()]
}

/** Throws where a value that is not NULL lies outside of its block's zone. */
function checkZone([min, max]: readonly [Value, Value], values: readonly Value[]): void {
  for (const value of values) {
    if (value === null || Array.isArray(value)) continue
    const isOut = value instanceof Buffer ? Buffer.compare(value, min as Buffer) < 0 || Buffer.compare(value, max as Buffer) > 0
      : (value as number) < (min as number) || (value as number) > (max as number)
    if (isOut) throw new Error(`${String(value)} lies outside of its zone`)
  }
}

export type Image = {
  readonly tableId: number
  readonly schemaVersion: number
  readonly rowCount: number
  readonly partition: string
  readonly isSorted: boolean
  /** By column id. */
  readonly columns: ReadonlyMap<number, { readonly name: string; readonly type: string; readonly values: readonly Value[] }>
  /** What was met, for the test to know that all was. */
  readonly met: ReadonlySet<string>
}

type Sections = { readonly bytes: Buffer; readonly hasChecksums: boolean; readonly rowCount: number; readonly met: Set<string> }

/** FORMAT.md, 3. */
export function readImage(bytes: Buffer): Image {
  seen.clear()
  const met = new Set<string>()
  const end = new Cursor(bytes, bytes.length - 12)
  const footerBytes = end.u32()
  const checksum = end.u32()
  const kind = end.take(4).toString('latin1')
  if (bytes.toString('latin1', 0, 4) !== 'PIPI' || bytes.readUInt32LE(4) > 1) throw new Error('no image of version 0 or 1')
  const isWhole = kind === 'PIMW'
  if (!isWhole && kind !== 'PIMS' && kind !== 'PIMM') throw new Error(`an image that ends with ${kind}`)
  const footerAt = bytes.length - 12 - footerBytes
  if (isWhole) expectCrc(bytes.subarray(0, bytes.length - 8), checksum, 'an image')
  else expectCrc(bytes.subarray(footerAt, bytes.length - 8), checksum, 'a footer', crc(bytes.subarray(0, 8)))
  met.add(kind)
  const cursor = new Cursor(bytes.subarray(footerAt, footerAt + footerBytes))
  const isSorted = cursor.u8() === 1
  const [tableId, schemaVersion, rowCount] = [cursor.varint(), cursor.varint(), cursor.varint()]
  const partition = cursor.text()
  const ids = Array.from({ length: cursor.varint() }, () => [cursor.varint(), cursor.varint()] as const)
  const columns = new Map(ids.map(([id, entryBytes]) => {
    const entry = new Cursor(cursor.take(entryBytes))
    const column = readColumn(entry, { bytes, hasChecksums: kind === 'PIMS', rowCount, met })
    if (entry.at !== entryBytes) throw new Error(`the entry of ${column.name} has another length`)
    return [id, column]
  }))
  for (const one of seen) met.add(one)
  return { tableId, schemaVersion, rowCount, partition, isSorted, columns, met }
}

function readColumn(entry: Cursor, { bytes, hasChecksums, rowCount, met }: Sections): { name: string; type: string; values: Value[] } {
  const name = entry.text()
  const number = entry.u8()
  const type = number === 0 ? entry.text() : TYPES[number - 1]
  const flags = entry.u8()
  const blocks = Math.ceil(rowCount / BLOCK_ROWS)
  const perBlock = <T>(read: () => T): T[] => Array.from({ length: blocks }, read)
  let at = entry.varint()
  const lengths = perBlock(() => entry.varint())
  const nullCounts = (flags & 4) === 0 ? null : perBlock(() => entry.varint())
  const zones = perBlock(() => zone(entry))
  const dictionaryOf = (flags & 1) === 0 ? null : { bytes: entry.varint(), size: entry.varint(), textBytes: entry.varint() }
  const postingsOf = (flags & 2) === 0 ? null : { pages: entry.varint(), directory: entry.varint() }
  const pages = Array.from({ length: Math.ceil((postingsOf?.pages ?? 0) / PAGE_BYTES) }, (_, page) =>
    Math.min(PAGE_BYTES, (postingsOf?.pages ?? 0) - page * PAGE_BYTES))
  const sections = [...lengths, ...dictionaryOf === null ? [] : [dictionaryOf.bytes], ...postingsOf === null ? [] : [...pages, postingsOf.directory]]
    .map((length) => bytes.subarray(at, at += length))
  if (hasChecksums) for (const section of sections) expectCrc(section, entry.u32(), `a section of ${name}`)
  const rowsOf = (index: number): number => Math.min(BLOCK_ROWS, rowCount - index * BLOCK_ROWS)
  const stored = lengths.map((_, index) => {
    if (dictionaryOf !== null) met.add(`codec ${sections[index][0] % 128} of codes`)
    met.add(`type ${type}`)
    const cursor = new Cursor(sections[index])
    const values = block(cursor, dictionaryOf === null ? type : 'UInt32', rowsOf(index))
    if (cursor.at !== sections[index].length) throw new Error(`a block of ${name} has another length`)
    const nulls = values.filter((value) => value === null).length
    if (nulls !== (nullCounts?.[index] ?? 0)) throw new Error(`a block of ${name} has ${nulls} NULLs`)
    const own = zones[index]
    if (own !== null) checkZone(own, values)
    return values
  })
  if (dictionaryOf === null) return { name, type, values: stored.flat() }
  const texts = dictionary(sections[blocks], dictionaryOf.size)
  met.add(`dictionary ${sections[blocks][0]}`)
  if (texts.reduce((sum, { length }) => sum + length, 0) !== dictionaryOf.textBytes) throw new Error(`the dictionary of ${name} has other bytes`)
  if (postingsOf !== null) {
    met.add('postings')
    const lists = postings(Buffer.concat(sections.slice(blocks + 1, -1)), sections[sections.length - 1], dictionaryOf.size)
    const wanted: number[][] = texts.map(() => [])
    stored.flat().forEach((code, row) => { if (code !== null) wanted[code as number].push(row) })
    if (lists.map(String).join(';') !== wanted.map(String).join(';')) throw new Error(`the postings of ${name}`)
  }
  return { name, type, values: stored.flat().map((code) => code === null ? null : texts[code as number]) }
}
