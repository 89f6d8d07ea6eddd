// Texts as other alphabets: base64, base58, hex, bin, XML and HTML entities, characters by number.
// Invariant: what can't be decoded is an error, or '' in the try forms.

import { STRING, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { textOfBytes } from '../../sql/raw-text.ts'
import { ANY_COUNT, bigReader, define, expectTypes, numberReader } from '../base/define.ts'
import { bytesBy, bytesFunction, stringsBy, textFunction } from '../base/define-text.ts'
import { FunctionError, type EvalContext, type FunctionDef } from '../values/function.ts'
import { charactersNamed } from './html-names.ts'
import { memoryReader, writtenUuid } from '../base/memory-bytes.ts'
import { isNumber, isString, numberInfo } from '../values/types.ts'
import { withValidUtf8 } from '../values/utf8.ts'

const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1')

/** Base64 must come in whole groups of its alphabet. */
function base64Bytes(text: string, isUrl: boolean): Uint8Array | null {
  const bare = isUrl ? text.replace(/=+$/, '') : text
  const isWhole = isUrl ? bare.length % 4 !== 1 : text.length % 4 === 0
  const alphabet = isUrl ? /^[A-Za-z0-9_-]*$/ : /^[A-Za-z0-9+/]*={0,2}$/
  return isWhole && alphabet.test(bare) ? Buffer.from(bare, isUrl ? 'base64url' : 'base64') : null
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

function toBase58(bytes: Uint8Array): string {
  let value = 0n
  for (const byte of bytes) value = value * 256n + BigInt(byte)
  let text = ''
  for (; value > 0n; value /= 58n) text = BASE58[Number(value % 58n)] + text
  return '1'.repeat(bytes.findIndex((byte) => byte !== 0) < 0 ? bytes.length
    : bytes.findIndex((byte) => byte !== 0)) + text
}

function fromBase58(text: string): Uint8Array | null {
  let value = 0n
  for (const char of text) {
    const digit = BASE58.indexOf(char)
    if (digit < 0) return null
    value = value * 58n + BigInt(digit)
  }
  const zeros = /^1*/.exec(text)?.[0].length ?? 0
  const digits = value === 0n ? '' : value.toString(16)
  return Buffer.concat([new Uint8Array(zeros), Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex')])
}

/** A decoder and its form that gives '' for what it can't read. */
const decoders = (name: string, tryName: string, decode: (text: string) => Uint8Array | null,
  aliases: readonly string[] = []): FunctionDef[] => [
  bytesFunction(name, (bytes) => {
    const text = Buffer.from(bytes).toString('latin1')
    const decoded = decode(text)
    if (decoded === null) throw new FunctionError(`${name}: '${text.slice(0, 80)}' can't be decoded`, 'INCORRECT_DATA')
    return decoded
  }, aliases),
  bytesFunction(tryName, (bytes) => decode(Buffer.from(bytes).toString('latin1')) ?? new Uint8Array(0)),
]

const DIGIT_TYPES: readonly string[] = ['DateTime', 'Date', 'Decimal', 'UUID', 'IPv4', 'IPv6']

/** Digits of what lies in memory: bytes of strings, floats and decimals in order, numbers from their highest
 * byte that is not 0. */
const digits = (name: string, ofByte: (byte: number) => string): FunctionDef =>
  define(name, [1, 1], (args) => {
    expectTypes(name, args, (type) => isString(type) || isNumber(type) || DIGIT_TYPES.includes(type.id))
    return STRING
  }, ([a], type, rowCount, context) => {
    const read = digitReader(a, context)
    return stringsBy(type, rowCount, context, (row) => {
      let text = ''
      for (const byte of read(row)) text += ofByte(byte)
      return text
    })
  })

function digitReader(vector: Vector, context: EvalContext): (row: number) => Uint8Array {
  const { type } = vector
  const read = memoryReader(vector, context)
  if (type.id === 'UUID') return (row) => writtenUuid(read(row))
  if (isString(type) || type.id === 'Decimal' || type.id === 'IPv6' || numberInfo(type)?.isFloat === true) return read
  return (row) => {
    const bytes = read(row).reverse()
    const first = bytes.findIndex((byte) => byte !== 0)
    return bytes.subarray(first < 0 ? bytes.length - 1 : first)
  }
}

function unhex(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1')
  const even = text.length % 2 === 1 ? `0${text}` : text
  return Uint8Array.from(even.match(/../gs) ?? [], (pair) => {
    const value = [...pair].map((c) => Number.parseInt(c, 16))
    // What is no digit counts as 255.
    return ((Number.isNaN(value[0]) ? 255 : value[0]) * 16 + (Number.isNaN(value[1]) ? 255 : value[1])) & 255
  })
}

function unbin(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1')
  const padded = text.padStart(Math.ceil(text.length / 8) * 8, '0')
  return Uint8Array.from(padded.match(/.{8}/gs) ?? [], (octet) => Number.parseInt(octet.replace(/[^0]/gs, '1'), 2))
}

const XML: Readonly<Record<string, string>> =
  { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;', "'": '&apos;' }
const ENTITIES: Readonly<Record<string, string>> =
  { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** Characters by name or number; what is none stays as it is. */
const decoded = (text: string, named: (name: string) => string | undefined): string =>
  text.replace(/&(?:([A-Za-z]\w*)|#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6}));/g, (all: string, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return named(name) ?? all
    const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal)
    return code > 0x10ffff ? all : code >= 0xd800 && code <= 0xdfff ? surrogate(code) : String.fromCodePoint(code)
  })

/** Half a pair as the three bytes that ClickHouse writes: no UTF-8. */
const surrogate = (code: number): string =>
  textOfBytes(Uint8Array.of(0xe0 | code >> 12, 0x80 | (code >> 6 & 0x3f), 0x80 | (code & 0x3f)))

const decodeXml = (text: string): string => decoded(text, (name) => ENTITIES[name])
const decodeHtml = (text: string): string => decoded(text, charactersNamed)

function lowByte(vector: Vector): (row: number) => number {
  const read = bigReader(vector)
  return (row) => Number(read(row) & 255n)
}

const char = define('char', [1, ANY_COUNT], (args): DataType => {
  expectTypes('char', args, isNumber)
  return STRING
}, (args, type, rowCount, context) => {
  const readers = args.map((arg) => (numberInfo(arg.type)?.isFloat === true ? numberReader(arg) : lowByte(arg)))
  return bytesBy(type, rowCount, context, (row) => Uint8Array.from(readers, (read) => read(row) & 255))
})

const text = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)

export const ENCODING: readonly FunctionDef[] = [
  bytesFunction('base64Encode', (bytes) => latin(text(bytes).toString('base64')), ['TO_BASE64']),
  bytesFunction('base64URLEncode', (bytes) => latin(text(bytes).toString('base64url'))),
  ...decoders('base64Decode', 'tryBase64Decode', (t) => base64Bytes(t, false), ['FROM_BASE64']),
  ...decoders('base64URLDecode', 'tryBase64URLDecode', (t) => base64Bytes(t, true)),
  bytesFunction('base58Encode', (bytes) => latin(toBase58(bytes))),
  ...decoders('base58Decode', 'tryBase58Decode', fromBase58),
  digits('hex', (byte) => byte.toString(16).padStart(2, '0').toUpperCase()),
  digits('bin', (byte) => byte.toString(2).padStart(8, '0')),
  bytesFunction('unhex', unhex), bytesFunction('unbin', unbin), char,
  textFunction('encodeXMLComponent', (t) => t.replace(/[<>&"']/g, (c) => XML[c])),
  textFunction('decodeXMLComponent', decodeXml), textFunction('decodeHTMLComponent', decodeHtml),
  bytesFunction('toValidUTF8', withValidUtf8),
]
