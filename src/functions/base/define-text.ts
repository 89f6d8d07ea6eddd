// Short ways to write functions over text: a text or a number made of each row's text.
// Invariant: results lie in the account's memory; only one row's text is a JavaScript string at a time.

import { STRING, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { define, expectTypes, numbersBy, ofStrings, stringsToString } from './define.ts'
import type { EvalContext, FunctionDef } from '../values/function.ts'
import { textReader } from './strings.ts'
import { isString } from '../values/types.ts'
import { arrayVector, asBytes } from '../values/vectors.ts'

/** A string column of each(row). */
export function stringsBy(
  type: DataType, rowCount: number, context: EvalContext, each: (row: number) => string): Vector {
  const out = new ByteBuilder(rowCount, context.account)
  for (let row = 0; row < rowCount; row++) {
    out.text(each(row))
    out.endRow()
  }
  return out.finish(type)
}

/** A string column of bytes. */
export function bytesBy(
  type: DataType, rowCount: number, context: EvalContext, each: (row: number) => Uint8Array): Vector {
  const out = new ByteBuilder(rowCount, context.account)
  for (let row = 0; row < rowCount; row++) {
    const bytes = each(row)
    out.slice(bytes, 0, bytes.length)
    out.endRow()
  }
  return out.finish(type)
}

/** Row r's bytes, a view. */
export function bytesReader(vector: Vector, context: EvalContext): (row: number) => Uint8Array {
  const text = asBytes(vector, context.account)
  return (row) => {
    const slot = text.isConst ? 0 : row
    return text.bytes.subarray(text.offsets[slot], text.offsets[slot + 1])
  }
}

/** A text made of one text. */
export const textFunction = (name: string, each: (text: string) => string,
  aliases: readonly string[] = []): FunctionDef =>
  define(name, [1, 1], stringsToString(name), ([a], type, rowCount, context) => {
    const read = textReader(a, context)
    return stringsBy(type, rowCount, context, (row) => each(read(row)))
  }, { aliases })

/** Bytes made of bytes. */
export const bytesFunction = (name: string, each: (bytes: Uint8Array) => Uint8Array,
  aliases: readonly string[] = []): FunctionDef =>
  define(name, [1, 1], stringsToString(name), ([a], type, rowCount, context) => {
    const read = bytesReader(a, context)
    return bytesBy(type, rowCount, context, (row) => each(read(row)))
  }, { aliases })

/** A number made of texts, one for each argument. */
export const textNumber = (name: string, count: number, type: DataType,
  each: (...texts: string[]) => number, aliases: readonly string[] = []): FunctionDef =>
  define(name, [count, count], ofStrings(name, type), (args, result, rowCount, context) => {
    const readers = args.map((arg) => textReader(arg, context))
    return numbersBy(result, rowCount, context, (row) => each(...readers.map((read) => read(row))))
  }, { aliases })

/** A text made of several texts. */
export const textsFunction = (name: string, count: number, each: (...texts: string[]) => string,
  aliases: readonly string[] = []): FunctionDef =>
  define(name, [count, count], stringsToString(name), (args, type, rowCount, context) => {
    const readers = args.map((arg) => textReader(arg, context))
    return stringsBy(type, rowCount, context, (row) => each(...readers.map((read) => read(row))))
  }, { aliases })

/** Arrays of strings; each(row, push) says a row's elements in order. */
export function stringArraysBy(
  type: DataType, rowCount: number, context: EvalContext,
  each: (row: number, push: (text: string) => void) => void,
): Vector {
  const offsets = context.account.u32(rowCount + 1)
  const texts: string[] = [] // one block's
  offsets[0] = 0
  for (let row = 0; row < rowCount; row++) {
    each(row, (text) => { texts.push(text) })
    offsets[row + 1] = texts.length
  }
  const out = new ByteBuilder(texts.length, context.account)
  for (const text of texts) {
    out.text(text)
    out.endRow()
  }
  return arrayVector(type, offsets, out.finish(STRING))
}

/** Arrays of numbers; each(row, push) says a row's elements in order. */
export function numberArraysBy(
  type: DataType, rowCount: number, context: EvalContext,
  each: (row: number, push: (value: number) => void) => void,
): Vector {
  const offsets = context.account.u32(rowCount + 1)
  const values: number[] = [] // one block's
  offsets[0] = 0
  for (let row = 0; row < rowCount; row++) {
    each(row, (value) => { values.push(value) })
    offsets[row + 1] = values.length
  }
  return arrayVector(type, offsets,
    numbersBy(type.args[0], values.length, context, (i) => values[i]))
}

/** A type rule: strings, then what `tests` say. */
export const takes = (name: string, type: DataType, ...tests: ((type: DataType) => boolean)[]) =>
  (args: Parameters<FunctionDef['returnType']>[0]): DataType => {
    expectTypes(name, args, ...(tests.length === 0 ? [isString] : tests))
    return type
  }
