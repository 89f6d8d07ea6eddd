// Texts of other character sets: convertCharset(text, from, to).
// Invariant: a character that the other set lacks becomes the byte 1A, as with ICU; bytes that are no character of
// the first become U+FFFD.

import { constantOf, define, stringsToString } from '../base/define.ts'
import { bytesBy, bytesReader } from '../base/define-text.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'

/** Ways to and from UTF-16 as JavaScript keeps texts. */
type Charset = { readonly decode: (bytes: Uint8Array) => string; readonly encode: (text: string) => Uint8Array }

const SUBSTITUTE = 0x1a
const REPLACEMENT = '\ufffd'

const utf8: Charset = {
  decode: (bytes) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
  encode: (text) => new TextEncoder().encode(text),
}

/** Characters of one byte, the same as Unicode's first. */
const ofBytes = (limit: number): Charset => ({
  decode: (bytes) => String.fromCharCode(...[...bytes].map((byte) => (byte < limit ? byte : REPLACEMENT.charCodeAt(0)))),
  encode: (text) => Uint8Array.from(text, (char) => ((char.codePointAt(0) as number) < limit ? char.charCodeAt(0) : SUBSTITUTE)),
})

/** Units of `width` bytes; with a mark of their order where it is not said. */
const ofUnits = (width: 2 | 4, isLittle: boolean, hasMark: boolean): Charset => ({
  decode: (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    const unit = (at: number, little: boolean): number => (width === 2 ? view.getUint16(at, little) : view.getUint32(at, little))
    const isMarked = hasMark && bytes.length >= width
    const mark = isMarked ? [true, false].find((little) => unit(0, little) === 0xfeff) : undefined
    let text = ''
    for (let at = mark === undefined ? 0 : width; at + width <= bytes.length; at += width) {
      const code = unit(at, mark ?? isLittle)
      text += width === 2 ? String.fromCharCode(code) : code <= 0x10ffff ? String.fromCodePoint(code) : REPLACEMENT
    }
    return text + (bytes.length % width === 0 ? '' : REPLACEMENT)
  },
  encode: (text) => {
    if (text === '') return new Uint8Array()
    const codes = width === 4 ? [...text].map((char) => char.codePointAt(0) as number) : Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))
    if (hasMark) codes.unshift(0xfeff)
    const view = new DataView(new ArrayBuffer(codes.length * width))
    codes.forEach((code, i) => (width === 2 ? view.setUint16(i * 2, code, isLittle) : view.setUint32(i * 4, code, isLittle)))
    return new Uint8Array(view.buffer)
  },
})

/** A set that the platform's decoder knows: its way back is a table of all that one or two bytes decode to. */
function ofDecoder(label: string, bytesMost: 1 | 2): Charset {
  const decoder = new TextDecoder(label)
  let table: Map<string, Uint8Array> | null = null
  const tableOf = (): Map<string, Uint8Array> => {
    const made = new Map<string, Uint8Array>()
    const add = (bytes: Uint8Array): void => {
      const text = decoder.decode(bytes)
      if ([...text].length === 1 && text !== REPLACEMENT && !made.has(text)) made.set(text, bytes)
    }
    for (let first = 0; first < 256; first++) add(Uint8Array.of(first))
    for (let first = 0x81; first < 256 && bytesMost === 2; first++) {
      for (let second = 0x40; second < 256; second++) add(Uint8Array.of(first, second))
    }
    return made
  }
  return {
    decode: (bytes) => decoder.decode(bytes),
    encode: (text) => {
      table ??= tableOf()
      return Buffer.concat([...text].map((char) => table?.get(char) ?? Uint8Array.of(SUBSTITUTE)))
    },
  }
}

/** Of windows-1252 what differs from Latin 1, from 80 on: a decoder of the platform takes both for the same. */
const WINDOWS_1252 = '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f'
  + '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178'
const FIRST_1252 = 0x80

const windows1252: Charset = {
  decode: (bytes) => ofBytes(0x100).decode(bytes).replace(/[\x80-\x9f]/g, (char) => WINDOWS_1252[char.charCodeAt(0) - FIRST_1252]),
  encode: (text) => Uint8Array.from(text, (char) => {
    const at = WINDOWS_1252.indexOf(char)
    const code = char.codePointAt(0) as number
    return at >= 0 ? FIRST_1252 + at : code < FIRST_1252 || (code >= 0xa0 && code < 0x100) ? code : SUBSTITUTE
  }),
}

/** A set by its name without signs and in lower case; null: there is none of that name. */
function makeCharset(name: string): Charset | null {
  const iso = /^iso8859(\d+)$/.exec(name)?.[1]
  const windows = /^(?:windows|win|cp|ibm)(125\d|874)$/.exec(name)?.[1]
  if (iso === '1' || /^(latin1|l1|cp819|ibm819)$/.test(name)) return ofBytes(0x100)
  if (iso !== undefined) return ['2', '3', '4', '5', '6', '7', '8', '10', '13', '14', '15', '16'].includes(iso) ? ofDecoder(`iso-8859-${iso}`, 1) : null
  if (windows === '1252') return windows1252
  if (windows !== undefined) return ofDecoder(`windows-${windows}`, 1)
  switch (name) {
    case 'utf8': return utf8
    case 'ascii': case 'usascii': case 'iso646us': return ofBytes(0x80)
    case 'utf16': return ofUnits(2, true, true)
    case 'utf16le': return ofUnits(2, true, false)
    case 'utf16be': return ofUnits(2, false, false)
    case 'utf32': return ofUnits(4, true, true)
    case 'utf32le': return ofUnits(4, true, false)
    case 'utf32be': return ofUnits(4, false, false)
    case 'koi8r': case 'koi8u': return ofDecoder(name === 'koi8r' ? 'koi8-r' : 'koi8-u', 1)
    case 'cp866': case 'ibm866': return ofDecoder('ibm866', 1)
    case 'macintosh': case 'mac': return ofDecoder('macintosh', 1)
    case 'shiftjis': case 'sjis': case 'mskanji': return ofDecoder('shift_jis', 2)
    case 'eucjp': return ofDecoder('euc-jp', 2)
    case 'euckr': case 'ksc5601': return ofDecoder('euc-kr', 2)
    case 'gbk': case 'cp936': case 'gb2312': return ofDecoder('gbk', 2)
    case 'gb18030': return ofDecoder('gb18030', 2)
    case 'big5': return ofDecoder('big5', 2)
    default: return null
  }
}

const known = new Map<string, Charset | null>()

function charsetOf(name: string): Charset {
  const key = name.toLowerCase().replace(/[^a-z0-9]/g, '')
  let charset = known.get(key)
  if (charset === undefined) {
    charset = makeCharset(key)
    if (known.size < 100) known.set(key, charset)
  }
  if (charset === null) throw new FunctionError(`convertCharset does not know the character set '${name}'`, 'CANNOT_CREATE_CHARSET_CONVERTER')
  return charset
}

const convertCharset = define('convertCharset', [3, 3], stringsToString('convertCharset'), (args, type, rowCount, context) => {
  const read = bytesReader(args[0], context)
  const [from, to] = [1, 2].map((i) => charsetOf(String(constantOf('convertCharset', args, i))))
  return bytesBy(type, rowCount, context, (row) => to.encode(from.decode(read(row))))
})

export const CHARSETS: readonly FunctionDef[] = [convertCharset]
