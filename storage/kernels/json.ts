// Values of JSON documents found by their paths: all documents of a block and all paths in one pass,
// as strict as simdjson, which is ClickHouse's parser: one wrong byte anywhere, a number beyond its
// kind, text that is not UTF-8, and the document has no values at all. The reference of json.as.ts.
//
//   path: 17 words: | steps | (address of a key, its bytes) or (0, n): value number n from 1, or (1, n):
//         the same of arrays only | ... eight steps at most |
//   target: for each path the starts of all rows, then the ends (u32, from `bytes`); 0, 0: none
//
// Invariant: bytes outside of the documents are not read but for their slack.

import type { KernelMemory } from './kernel-memory.ts'

export const JSON_PATHS_MAX = 16
export const JSON_STEPS_MAX = 8
export const JSON_PATH_WORDS = 17
export const JSON_SHAPE_BYTES = 2048

/** Status of a document: no JSON; values are found; only locateValue() can say. */
export const JSON_INVALID = 0
export const JSON_ASK = 2

export type JsonKernels = {
  /** Finds the values of `pathCount` ≤ 16 paths in `count` documents; `status` has a byte for each. A
   * document that differs from one before in strings, numbers and words alone is compared with it
   * rather than parsed; `shape` is room of JSON_SHAPE_BYTES for that. */
  readonly locateJson: (
    offsets: number, bytes: number, count: number, paths: number, pathCount: number, status: number,
    target: number, shape: number) => void
  /** Numbers (f64) at places found; `kinds` (u8): 1 written as an integer, 2 otherwise, 0 no number or
   * one that takes more than one rounding. */
  readonly readJsonNumbers: (
    bytes: number, starts: number, ends: number, count: number, target: number, kinds: number) => void
  /** Texts of the strings at places found, end to end, '' for all else; the target has room for what
   * lies between the places. Answers how many values are no strings. */
  readonly readJsonStrings: (
    bytes: number, starts: number, ends: number, count: number, targetOffsets: number, target: number,
  ) => number
}

/** A key, or a number: from 1, negative from the end. */
export type JsonStep = { readonly key: Uint8Array } | { readonly index: number; readonly ofArrays: boolean }

const DEPTH_MAX = 1024
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const INTEGER = /^-?\d+$/

/** Where values lie in a text: [start, end), or null. */
type Place = readonly [number, number] | null

/** A strict parse of one document that notes where the path leads. Bytes that are no JSON: undefined. */
class Parse {
  private at = 0
  private readonly text: string
  private readonly path: readonly JsonStep[]
  place: Place = null

  constructor(text: string, path: readonly JsonStep[]) {
    this.text = text
    this.path = path
  }

  run(): boolean {
    if (this.text.startsWith('\ufeff')) this.at++
    this.skipSpace()
    if (!this.value(0, true)) return false
    this.skipSpace()
    return this.at === this.text.length
  }

  private skipSpace(): void {
    while (this.at < this.text.length && ' \n\r\t'.includes(this.text[this.at])) this.at++
  }

  private matches(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0] ?? null
    if (found !== null) this.at += found.length
    return found
  }

  /** `isOn`: the path leads here, by its first `depth` steps. */
  private value(depth: number, isOn: boolean): boolean {
    const start = this.at
    const isWhole = this.scalar() || (depth < DEPTH_MAX && this.container(depth, isOn))
    if (isWhole && isOn && depth === this.path.length) this.place ??= [start, this.at]
    return isWhole
  }

  private scalar(): boolean {
    if (this.text[this.at] === '"') return this.string() !== null
    if (this.matches(/true|false|null/y) !== null) return true
    const number = this.matches(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y)
    if (number === null) return false
    if (!INTEGER.test(number)) return Number.isFinite(Number(number))
    const exact = BigInt(number)
    return exact >= -(2n ** 63n) && exact < 2n ** 64n
  }

  private string(): string | null {
    const raw = this.matches(/"(?:[^"\\]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y)
    if (raw === null || /[^ -\uffff]/.test(raw)) return null // control characters are below the space
    const text = JSON.parse(raw) as string
    return /\p{Surrogate}/u.test(text) ? null : text
  }

  private container(depth: number, isOn: boolean): boolean {
    const opening = this.matches(/[[{]/y)
    if (opening === null) return false
    const closing = opening === '{' ? '}' : ']'
    const step = isOn ? this.path[depth] : undefined
    const wanted = step === undefined ? -1 : this.ordinalOf(step, opening === '{')
    let isFound = false
    this.skipSpace()
    if (this.text[this.at] === closing) return this.matches(/[\]}]/y) !== null
    for (let ordinal = 1; ; ordinal++) {
      let isHere = ordinal === wanted
      if (opening === '{') {
        const key = this.string()
        if (key === null) return false
        this.skipSpace()
        if (this.matches(/:/y) === null) return false
        this.skipSpace()
        isHere ||= step !== undefined && 'key' in step && Buffer.from(key).equals(step.key)
      }
      isHere &&= !isFound
      isFound ||= isHere
      if (!this.value(depth + 1, isHere)) return false
      this.skipSpace()
      const next = this.matches(/[,\]}]/y)
      if (next === closing) return true
      if (next !== ',') return false
      this.skipSpace()
    }
  }

  /** The number of the member that a step by number means; -1 for none. */
  private ordinalOf(step: JsonStep, isObject: boolean): number {
    if ('key' in step || (step.ofArrays && isObject) || step.index === 0) return -1
    if (step.index > 0) return step.index
    const rest = new Parse(`${isObject ? '{' : '['}${this.text.slice(this.at)}`, [])
    return rest.countMembers() + 1 + step.index
  }

  /** Members of the container at the start of the text; 0 where it does not end well. */
  private countMembers(): number {
    const isObject = this.text[0] === '{'
    this.at = 1
    this.skipSpace()
    if (']}'.includes(this.text[this.at] ?? ' ')) return 0
    for (let count = 1; ; count++) {
      if (isObject) {
        if (this.string() === null) return 0
        this.skipSpace()
        if (this.matches(/:/y) === null) return 0
        this.skipSpace()
      }
      if (!this.value(1, false)) return 0
      this.skipSpace()
      const next = this.matches(/[,\]}]/y)
      if (next !== ',') return next === null ? 0 : count
      this.skipSpace()
    }
  }
}

/** Where the value of a path lies in bytes [start, end), from the start of `bytes`; null: the document
 * has none; undefined: it is no JSON. */
export function locateValue(
  bytes: Uint8Array, start: number, end: number, path: readonly JsonStep[],
): Place | undefined {
  let text: string
  try {
    text = decoder.decode(bytes.slice(start, end)) // a copy: the bytes may be shared
  } catch {
    return undefined
  }
  const parse = new Parse(text, path)
  if (!parse.run()) return undefined
  if (parse.place === null) return null
  const [from, to] = parse.place
  const before = start + Buffer.byteLength(text.slice(0, from))
  return [before, before + Buffer.byteLength(text.slice(from, to))]
}

export function jsonReference(work: KernelMemory): JsonKernels {
  const { u8, u32 } = work
  const pathAt = (at: number): JsonStep[] => Array.from({ length: u32[at] }, (_, i) => {
    const [address, size] = [u32[at + 1 + 2 * i], u32[at + 2 + 2 * i]]
    return address > 1 ? { key: u8.slice(address, address + size) } : { index: size, ofArrays: address === 1 }
  })
  return {
    locateJson(offsets, bytes, count, paths, pathCount, status, target) {
      const wanted = Array.from({ length: pathCount }, (_, p) => pathAt(paths / 4 + p * JSON_PATH_WORDS))
      const all = work.u8.subarray(bytes)
      u32.fill(0, target / 4, target / 4 + pathCount * 2 * count)
      for (let row = 0; row < count; row++) {
        const start = u32[offsets / 4 + row]
        const end = u32[offsets / 4 + row + 1]
        u8[status + row] = locateValue(all, start, end, []) === undefined ? JSON_INVALID : 1
        wanted.forEach((path, p) => {
          const place = locateValue(all, start, end, path) ?? [0, 0]
          u32[target / 4 + 2 * p * count + row] = place[0]
          u32[target / 4 + (2 * p + 1) * count + row] = place[1]
        })
      }
    },
    readJsonNumbers(bytes, starts, ends, count, target, kinds) {
      const out = new Float64Array(work.buffer, target, count)
      for (let row = 0; row < count; row++) {
        const text = Buffer.from(u8.subarray(bytes + u32[starts / 4 + row], bytes + u32[ends / 4 + row])).toString('latin1')
        const isNumber = /^[-\d]/.test(text) && text.replace(/[eE].*/, '').replace(/\D/g, '').replace(/^0+/, '').length <= 15
          && Math.abs(scaleOf(text)) <= 22
        u8[kinds + row] = !isNumber ? 0 : INTEGER.test(text) ? 1 : 2
        out[row] = !isNumber ? 0 : INTEGER.test(text) ? Number(text) + 0 : Number(text)
      }
    },
    readJsonStrings(bytes, starts, ends, count, targetOffsets, target) {
      let at = target
      let others = 0
      u32[targetOffsets / 4] = 0
      for (let row = 0; row < count; row++) {
        const raw = Buffer.from(u8.subarray(bytes + u32[starts / 4 + row], bytes + u32[ends / 4 + row]))
        if (raw[0] === 34) at += Buffer.from(work.buffer).write(JSON.parse(raw.toString()) as string, at)
        else if (raw.length > 0) others++
        u32[targetOffsets / 4 + row + 1] = at - target
      }
      return others
    },
  }
}

/** The power of ten that the digits of a number are multiplied with. */
function scaleOf(text: string): number {
  const [, fraction = '', exponent = '0'] = /^[^.eE]*(?:\.(\d+))?(?:[eE](.*))?$/.exec(text) ?? []
  return Number(exponent) - fraction.length
}
