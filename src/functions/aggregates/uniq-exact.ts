// uniqExact: how many distinct values a group saw, exactly. Values are numbers: integers of up to 32 bits
// themselves while bitmaps hold them, or the codes of the table's shared dictionary while all rows come with it, else
// codes of the state's own (key-codes.ts). Which numbers a group saw: group-codes.ts.

import { bareType, UINT64, type DataType } from '../../../storage/column/data-type.ts'
import type { BytesVector, Dictionary, Vector } from '../../../storage/column/vector.ts'
import { isLarge } from '../../../storage/column/large.ts'
import { eachOfDictionary } from '../hashes/dictionary-hashes.ts'
import type {
  AggregateDef, AggregateStates, EvalContext, StatePayload,
} from '../values/function.ts'
import { FunctionError } from '../values/function.ts'
import { eachGroup, GroupCodes } from './group-codes.ts'
import { KeyCodes, keysOf } from './key-codes.ts'
import { eachState, serializeGroups } from '../values/state-bytes.ts'
import { numberVector } from '../values/vectors.ts'

/** Stands for the state's own codes where a dictionary's id could stand. */
const OWN = -1
/** Stands for integers that are their own codes. */
const SHORT = -2
/** Those of up to 32 bits. */
const SHORT_TYPES = /^U?Int(8|16|32)$|^Enum(8|16)$|^Date(32|Time)?$|^Bool$|^IPv4$/
const KEY_WORDS = 4
/** Keys of states that are entered at a time. */
const KEYS_A_TURN = 4096

export class DistinctStates implements AggregateStates {
  private seen: GroupCodes
  private groupCount = 0
  private dictionary: Dictionary | null = null
  private own: KeyCodes | null = null
  /** Words of a key that its bytes hold: the others are 0. */
  private readonly keyWords: 2 | 4
  /** Whether values can be their own codes, and are until `own` is there; and whether some may be negative. */
  private readonly isShort: boolean
  private readonly isSigned: boolean
  private readonly context: EvalContext

  constructor(types: readonly DataType[], context: EvalContext) {
    const bare = bareType(types[0])
    const isHashed = types.length > 1 || isLarge(bare) || ['String', 'FixedString', 'UUID', 'IPv6', 'Array', 'Map',
      'Tuple', 'Variant'].includes(bare.id)
    this.keyWords = isHashed ? 4 : 2
    this.isShort = types.length === 1 && SHORT_TYPES.test(bare.id)
    this.isSigned = /^(Int|Enum|Date32)/.test(bare.id)
    this.context = context
    this.seen = new GroupCodes(context)
  }

  resize(groupCount: number): void {
    this.groupCount = Math.max(this.groupCount, groupCount)
    this.seen.resize(groupCount)
  }

  update(groups: Uint32Array, rowCount: number, args: readonly Vector[]): void {
    const [first] = args
    if (this.isShort) {
      if (first.kind !== 'number') throw new Error(`uniqExact: ${first.type.name} as ${first.kind}`)
      this.addShort(first.values, first.isConst ? 1 : rowCount, groups, rowCount, first.isConst)
      return
    }
    if (args.length === 1 && first.kind === 'codes' && this.own === null && first.dictionary.id >= 0
      && (this.dictionary === null || this.dictionary.id === first.dictionary.id)) {
      this.dictionary = first.dictionary
      this.seen.makeRoom(first.dictionary.size)
      this.seen.add(groups, first.codes, first.isConst, rowCount)
      return
    }
    const own = this.toOwn()
    const { account } = this.context
    const isConst = args.every((arg) => arg.isConst)
    const count = isConst ? 1 : rowCount
    const keys = keysOf(args, count, this.context)
    this.addKeys(own, keys, count, groups, rowCount, isConst)
    account.free(keys.byteOffset)
  }

  /** Rows of integers of up to 32 bits. */
  private addShort(
    values: ArrayLike<number>, count: number, groups: Uint32Array, rowCount: number, isConst: boolean,
  ): void {
    const { account } = this.context
    const codes = account.u32(Math.max(1, count))
    let largest = 0
    for (let i = 0; i < count; i++) {
      codes[i] = values[i]
      const code = codes[i]
      if (code > largest) largest = code
    }
    if (this.own === null && this.seen.fits(largest + 1)) {
      this.seen.makeRoom(largest + 1)
      this.seen.add(groups, codes, isConst, rowCount)
    } else this.addOwn(this.toOwn(), codes, count, groups, rowCount, isConst)
    account.free(codes.byteOffset)
  }

  /** Codes that are integers themselves become our own. */
  private addOwn(
    own: KeyCodes, values: Uint32Array, count: number, groups: Uint32Array, rowCount: number, isConst: boolean,
  ): void {
    const { account } = this.context
    const keys = account.u32(Math.max(1, count) * KEY_WORDS).fill(0)
    for (let i = 0; i < count; i++) this.putKey(values[i], keys, i * KEY_WORDS)
    this.addKeys(own, keys, count, groups, rowCount, isConst)
    account.free(keys.byteOffset)
  }

  /** The first two words of an integer's key: as two's complement in 64 bits. */
  private putKey(code: number, words: Uint32Array, at: number): void {
    words[at] = code
    words[at + 1] = this.isSigned ? words[at] >> 31 : 0
  }

  private addKeys(
    own: KeyCodes, keys: Uint32Array, count: number, groups: Uint32Array, rowCount: number,
    isConst: boolean,
  ): void {
    const { account } = this.context
    const codes = account.u32(Math.max(1, count))
    own.enter(keys, count, codes)
    this.seen.makeRoom(own.size)
    this.seen.add(groups, codes, isConst, rowCount)
    account.free(codes.byteOffset)
  }

  /** From codes of a dictionary, or integers that are their own, to codes of our own. */
  private toOwn(): KeyCodes {
    if (this.own !== null) return this.own
    const own = this.own = new KeyCodes(this.context)
    const { dictionary } = this
    if (dictionary === null && !this.isShort) return own
    this.dictionary = null
    const before = this.seen
    this.seen = new GroupCodes(this.context)
    this.seen.resize(this.groupCount)
    const from = before.export(this.groupCount)
    if (dictionary === null) {
      eachGroup(from, this.groupCount, this.context, (groups, codes, count) => {
        this.addOwn(own, codes, count, groups, count, false)
      })
      before.free()
      return own
    }
    const map = this.mapOf(own, dictionary)
    const { account } = this.context
    const same = account.u32(Math.max(1, this.groupCount)).subarray(0, this.groupCount)
    for (let group = 0; group < this.groupCount; group++) same[group] = group
    this.seen.mergeMapped(from, same, map)
    account.free(same.byteOffset)
    account.free(map.byteOffset)
    before.free()
    return own
  }

  /** Our codes of all strings of a dictionary. */
  private mapOf(own: KeyCodes, dictionary: Dictionary): Uint32Array {
    const { account } = this.context
    const { size } = dictionary
    const map = account.u32(Math.max(1, size))
    eachOfDictionary(dictionary, size, this.context, (vector, from) => {
      const keys = keysOf([vector], vector.length, this.context)
      const codes = map.subarray(from, from + vector.length)
      own.enter(keys, vector.length, codes)
      account.free(keys.byteOffset)
    })
    return map
  }

  private dictionaryOf(id: number): Dictionary {
    const dictionary = this.context.dictionaryById?.(id) ?? null
    if (dictionary === null) throw new Error(`uniqExact: dictionary ${id} is not at hand`)
    return dictionary
  }

  serialize(groupCount: number): BytesVector {
    const own = this.isShort ? this.own : this.toOwn()
    const { account } = this.context
    const { keyWords, seen } = this
    const short = new Uint32Array(2)
    const offsets = account.u32(groupCount + 1)
    offsets[0] = 0
    for (let group = 0; group < groupCount; group++) offsets[group + 1] = offsets[group] + seen.counts[group]
    const next = account.u32(groupCount + 1)
    next.set(offsets)
    const codes = account.u32(Math.max(1, offsets[groupCount]))
    eachGroup(seen.export(groupCount), groupCount, this.context, (groups, some, count) => {
      for (let i = 0; i < count; i++) if (groups[i] < groupCount) codes[next[groups[i]]++] = some[i]
    })
    return serializeGroups(groupCount, account, (out, group) => {
      out.varint(offsets[group + 1] - offsets[group])
      for (let at = offsets[group]; at < offsets[group + 1]; at++) {
        if (own === null) this.putKey(codes[at], short, 0)
        const key = own === null ? short : own.keyOf(codes[at])
        for (let w = 0; w < keyWords; w++) out.u32(key[w])
      }
    })
  }

  mergeRows(groups: Uint32Array, rowCount: number, states: BytesVector): void {
    const { context: { account }, isShort } = this
    const keyWords = isShort ? 1 : KEY_WORDS
    const keys = account.u32(KEYS_A_TURN * keyWords).fill(0)
    const owners = account.u32(KEYS_A_TURN)
    let held = 0
    const enter = () => {
      if (held > 0 && isShort) this.addShort(keys, held, owners, held, false)
      else if (held > 0) this.addKeys(this.toOwn(), keys, held, owners, held, false)
      held = 0
    }
    // Keys of many states at once: most of a view's have one or two.
    eachState(states, rowCount, (reader, row) => {
      // A count is only believed as far as keys follow it.
      for (let rest = reader.varint(); rest > 0; rest--) {
        if (held === KEYS_A_TURN) enter()
        for (let w = 0; w < this.keyWords; w++) {
          const word = reader.u32() // of an integer that is its own code the first says all
          if (w < keyWords) keys[held * keyWords + w] = word
        }
        owners[held++] = groups[row]
      }
    })
    enter()
    account.free(keys.byteOffset)
    account.free(owners.byteOffset)
  }

  exportStates(groupCount: number): StatePayload {
    const { firstWord, wordsPerGroup, words } = this.seen.export(groupCount)
    const id = this.own === null ? this.dictionary?.id ?? (this.isShort ? SHORT : OWN) : OWN
    return { arrays: this.own === null ? [words] : [words, this.own.keys()], numbers: [firstWord, wordsPerGroup, id] }
  }

  mergeStates(payload: StatePayload, toGroup: Uint32Array): void {
    const [firstWord, wordsPerGroup, id] = payload.numbers
    const words = payload.arrays[0] as Uint32Array
    if (words.length === 0) return
    const { account } = this.context
    const from = { firstWord, wordsPerGroup, words }
    if (id === SHORT && this.own === null && this.seen.fits((firstWord + wordsPerGroup) * 32)) {
      this.seen.merge(from, toGroup)
      return
    }
    if (id === SHORT) {
      const own = this.toOwn()
      eachGroup(from, toGroup.length, this.context, (groups, codes, count) => {
        for (let i = 0; i < count; i++) groups[i] = toGroup[groups[i]]
        this.addOwn(own, codes, count, groups, count, false)
      })
      return
    }
    if (id !== OWN && this.own === null && (this.dictionary === null || this.dictionary.id === id)) {
      this.dictionary ??= this.dictionaryOf(id)
      this.seen.merge(from, toGroup)
      return
    }
    const own = this.toOwn()
    const map = id === OWN ? this.mapOfKeys(own, payload.arrays[1] as Uint32Array)
      : this.mapOf(own, this.dictionaryOf(id))
    this.seen.makeRoom(own.size)
    this.seen.mergeMapped(from, toGroup, map)
    account.free(map.byteOffset)
  }

  /** Our codes of another worker's keys. */
  private mapOfKeys(own: KeyCodes, theirs: Uint32Array): Uint32Array {
    const { account } = this.context
    const count = theirs.length / KEY_WORDS
    const keys = account.u32(Math.max(1, theirs.length))
    keys.set(theirs)
    const map = account.u32(Math.max(1, count))
    own.enter(keys, count, map)
    account.free(keys.byteOffset)
    return map
  }

  finish(groupCount: number): Vector {
    const out = this.context.account.f64(groupCount)
    out.set(this.seen.counts.subarray(0, groupCount))
    return numberVector(UINT64, out)
  }
}

const exact = (name: string, isCaseInsensitive: boolean): AggregateDef => ({
  name, isCaseInsensitive, arity: [1, Infinity], nulls: 'skip', keepsNonNullable: true,
  takesTimes: () => true,
  returnType: (args) => {
    if (args.some((arg) => arg.id === 'AggregateFunction')) {
      throw new FunctionError(`Aggregate ${name} does not take ${args[0].name}`)
    }
    return UINT64
  },
  create: (args, _parameters, context) => new DistinctStates(args, context),
})

/** countDistinct is count with -Distinct to ClickHouse, which keeps its own name in types. */
export const UNIQ_EXACT: readonly AggregateDef[] = [
  exact('uniqExact', false), exact('countDistinct', true)]
