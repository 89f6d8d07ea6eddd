// Vectors from JSON values, one value at a time: arrays, maps, tuples, and the choice of a builder for
// any type. Part of ingestion, behind the kernel, which hands such values on as raw text.
// Invariant: a value that does not fit adds nothing; `length` counts whole values.

import { bareType, internType, type DataType } from '../../storage/column/data-type.ts'
import { isLarge } from '../../storage/column/large.ts'
import type { Vector } from '../../storage/column/vector.ts'
import {
  FORM_BOOL, FORM_COMPOSITE, FORM_NUMBER, FORM_STRING,
} from '../../storage/kernels/ndjson-layout.ts'
import { decodeString, skipSpace, skipValue, type Failure } from '../../storage/kernels/ndjson-text.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { GrowingU32 } from './growing.ts'
import { BytesBuilder, NumberBuilder, type ValueBuilder } from './scalar-builder.ts'
import { scalarReader } from './scalar.ts'

export type { ValueBuilder } from './scalar-builder.ts'

/** A builder for a type. `elementKeys`: where in every element of an array its value stands
 * (`$.items[:].price`). */
export function valueBuilder(
  type: DataType, account: MemoryAccount, elementKeys: readonly string[] = [],
): ValueBuilder {
  const bare = bareType(type)
  switch (bare.id) {
    case 'Array':
      return new ArrayBuilder(type, account, valueBuilder(bare.args[0], account), elementKeys)
    case 'Map': {
      const fields = bare.args.map((arg) => valueBuilder(arg, account))
      return new MapBuilder(type, account, fields)
    }
    case 'Tuple':
      return new TupleBuilder(type, bare.args.map((arg) => valueBuilder(arg, account)))
    default: {
      const reader = scalarReader(bare)
      return reader === null || isLarge(bare) ? new BytesBuilder(type, account) : new NumberBuilder(type, account, reader)
    }
  }
}

const failure: Failure = { error: 0, at: 0 }
const target = { bytes: 0 }

/** Adds a value that stands at [start, end) as JSON. False: it does not fit. */
export function addJson(builder: ValueBuilder, u8: Uint8Array, start: number, end: number): boolean {
  switch (u8[start]) {
    case 34: {
      const text = new Uint8Array(end - start)
      decodeString(u8, start + 1, text, 0, target, failure)
      return builder.add(text, 0, target.bytes, FORM_STRING)
    }
    case 123: case 91: return builder.add(u8, start, end, FORM_COMPOSITE)
    case 110: builder.addAbsent(); return true
    case 116: case 102: return builder.add(u8, start, end, FORM_BOOL)
    default: return builder.add(u8, start, end, FORM_NUMBER)
  }
}

/** Calls `visit` for every element of the array, or every key and value of the object, at [start,
 * end); false as soon as it answers false. `key` is -1 in arrays. */
export function eachElement(
  u8: Uint8Array, start: number, end: number,
  visit: (key: number, keyEnd: number, value: number, valueEnd: number) => boolean,
): boolean {
  const isObject = u8[start] === 123
  let p = skipSpace(u8, start + 1, end)
  while (u8[p] !== 93 && u8[p] !== 125) {
    const key = isObject ? p : -1
    const keyEnd = isObject ? skipValue(u8, p, end, failure) : -1
    const value = isObject ? skipSpace(u8, skipSpace(u8, keyEnd, end) + 1, end) : p
    const valueEnd = skipValue(u8, value, end, failure)
    if (!visit(key, keyEnd, value, valueEnd)) return false
    p = skipSpace(u8, valueEnd, end)
    if (u8[p] === 44) p = skipSpace(u8, p + 1, end)
  }
  return true
}

/** The text of the key that stands quoted at [start, end). */
function keyText(u8: Uint8Array, start: number, end: number): string {
  const text = new Uint8Array(end - start)
  decodeString(u8, start + 1, text, 0, target, failure)
  return Buffer.from(text.buffer, 0, target.bytes).toString('utf8')
}

/** Array(T). Text in a string is read as JSON: senders quote arrays, too. */
class ArrayBuilder implements ValueBuilder {
  private readonly type: DataType
  private readonly offsets: GrowingU32
  private readonly inner: ValueBuilder
  private readonly keys: readonly string[]

  constructor(
    type: DataType, account: MemoryAccount, inner: ValueBuilder, keys: readonly string[],
  ) {
    this.type = type
    this.offsets = new GrowingU32(account)
    this.offsets.push(0)
    this.inner = inner
    this.keys = keys
  }

  get length(): number { return this.offsets.length - 1 }

  add(u8: Uint8Array, start: number, end: number, form: number): boolean {
    if (form === FORM_STRING) return addQuoted(this, u8, start, end)
    if (u8[start] !== 91) return false
    const { inner } = this
    const mark = inner.length
    if (!eachElement(u8, start, end, (_key, _keyEnd, value, valueEnd) =>
      this.addElement(u8, value, valueEnd))) {
      inner.truncate(mark)
      return false
    }
    this.offsets.push(inner.length)
    return true
  }

  private addElement(u8: Uint8Array, from: number, to: number): boolean {
    let start = from
    let end = to
    for (const wanted of this.keys) {
      let found = -1
      let foundEnd = -1
      if (u8[start] === 123) {
        eachElement(u8, start, end, (key, keyEnd, value, valueEnd) => {
          if (keyText(u8, key, keyEnd) === wanted) [found, foundEnd] = [value, valueEnd]
          return true
        })
      }
      if (found < 0) {
        this.inner.addAbsent()
        return true
      }
      start = found
      end = foundEnd
    }
    return addJson(this.inner, u8, start, end)
  }

  addAbsent(): void { this.offsets.push(this.inner.length) }

  truncate(length: number): void {
    this.offsets.length = length + 1
    this.inner.truncate(this.offsets.items[length])
  }

  finish(): Vector {
    return {
      kind: 'array', type: this.type, length: this.length, isConst: false, nulls: null,
      offsets: this.offsets.taken(), values: this.inner.finish(),
    }
  }
}

/** A composite whose JSON stands inside a string. */
function addQuoted(builder: ValueBuilder, u8: Uint8Array, start: number, end: number): boolean {
  const from = skipSpace(u8, start, end)
  if (u8[from] !== 91 && u8[from] !== 123) return false
  // A copy, because the check needs an end that is no JSON.
  const text = new Uint8Array(end - from + 1)
  text.set(u8.subarray(from, end))
  text[end - from] = 10
  const behind = skipValue(text, 0, end - from, failure)
  if (behind < 0 || skipSpace(text, behind, end - from) !== end - from) return false
  return builder.add(text, 0, behind, FORM_COMPOSITE)
}

/** Map(K, V): an array of pairs. */
class MapBuilder implements ValueBuilder {
  private readonly type: DataType
  private readonly offsets: GrowingU32
  private readonly fields: readonly ValueBuilder[]

  constructor(type: DataType, account: MemoryAccount, fields: readonly ValueBuilder[]) {
    this.type = type
    this.offsets = new GrowingU32(account)
    this.offsets.push(0)
    this.fields = fields
  }

  get length(): number { return this.offsets.length - 1 }

  add(u8: Uint8Array, start: number, end: number, form: number): boolean {
    if (form === FORM_STRING) return addQuoted(this, u8, start, end)
    if (u8[start] !== 123) return false
    const [keys, values] = this.fields
    const mark = keys.length
    const fits = eachElement(u8, start, end, (key, keyEnd, value, valueEnd) =>
      addJson(keys, u8, key, keyEnd) && addJson(values, u8, value, valueEnd))
    if (!fits) {
      for (const field of this.fields) field.truncate(mark)
      return false
    }
    this.offsets.push(keys.length)
    return true
  }

  addAbsent(): void { this.offsets.push(this.fields[0].length) }

  truncate(length: number): void {
    this.offsets.length = length + 1
    for (const field of this.fields) field.truncate(this.offsets.items[length])
  }

  finish(): Vector {
    const length = this.fields[0].length
    const args = bareType(this.type).args
    const pair = internType(`Tuple(${args[0].name}, ${args[1].name})`, 'Tuple', { args })
    return {
      kind: 'array', type: this.type, length: this.length, isConst: false, nulls: null,
      offsets: this.offsets.taken(),
      values: {
        kind: 'tuple', type: pair, length, isConst: false, nulls: null,
        fields: this.fields.map((field) => field.finish()),
      },
    }
  }
}

/** Tuple: an array of its elements, or an object where they have names. */
class TupleBuilder implements ValueBuilder {
  private readonly type: DataType
  private readonly fields: readonly ValueBuilder[]

  constructor(type: DataType, fields: readonly ValueBuilder[]) {
    this.type = type
    this.fields = fields
  }

  get length(): number { return this.fields[0]?.length ?? 0 }

  add(u8: Uint8Array, start: number, end: number, form: number): boolean {
    if (form === FORM_STRING) return addQuoted(this, u8, start, end)
    const { fields } = this
    const mark = this.length
    const fits = u8[start] === 91 ? this.addList(u8, start, end)
      : u8[start] === 123 && this.addNamed(u8, start, end)
    if (!fits) for (const field of fields) field.truncate(mark)
    return fits
  }

  private addList(u8: Uint8Array, start: number, end: number): boolean {
    let index = 0
    const fits = eachElement(u8, start, end, (_key, _keyEnd, value, valueEnd) =>
      index < this.fields.length && addJson(this.fields[index++], u8, value, valueEnd))
    return fits && index === this.fields.length
  }

  private addNamed(u8: Uint8Array, start: number, end: number): boolean {
    const names = bareType(this.type).names
    if (names === null) return false
    const mark = this.length
    const fits = eachElement(u8, start, end, (key, keyEnd, value, valueEnd) => {
      const index = names.indexOf(keyText(u8, key, keyEnd))
      if (index < 0) return true
      this.fields[index].truncate(mark)
      return addJson(this.fields[index], u8, value, valueEnd)
    })
    if (fits) for (const field of this.fields) if (field.length === mark) field.addAbsent()
    return fits
  }

  addAbsent(): void { for (const field of this.fields) field.addAbsent() }

  truncate(length: number): void { for (const field of this.fields) field.truncate(length) }

  finish(): Vector {
    return {
      kind: 'tuple', type: this.type, length: this.length, isConst: false, nulls: null,
      fields: this.fields.map((field) => field.finish()),
    }
  }
}
