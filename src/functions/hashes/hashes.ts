// Hash functions: MD5 and SHA from Node, SipHash from sip-hash.ts, xxHash and MurmurHash from hash-numbers.ts.
// Invariant: strings are hashed by their bytes, numbers as they lie in ClickHouse's memory.

import { createHash, createHmac } from 'node:crypto'
import {
  bareType, INT32, INT64, internType, UINT128, UINT16, UINT32, UINT64, type DataType,
} from '../../../storage/column/data-type.ts'
import { cityHash64, hash128to64 } from '../../../storage/kernels/city-hash.ts'
import { always, ANY_COUNT, bigReader, constantOf, define, expectTypes, likeSource, numbersBy, ofStrings, stringsToString } from '../base/define.ts'
import { bytesBy, bytesReader } from '../base/define-text.ts'
import { FunctionError, type ArgInfo, type FunctionDef } from '../values/function.ts'
import { anyHash, type HashRule } from './hash-any.ts'
import { KOSTIK_BUCKETS_MAX, kostikBucket } from './hash-kostik.ts'
import { md4 } from './hash-md4.ts'
import { farmFingerprint128, farmFingerprint64, farmHash64, metroHash64 } from './hash-farm.ts'
import {
  crc32, crc64, hiveHash, intHash32, javaHash, jumpBucket, murmurHash2x32, murmurHash2x64, murmurHash3x128,
  murmurHash3x32, murmurHash3x64, xxHash32, xxHash64,
} from './hash-numbers.ts'
import { wyHash64 } from './hash-wy.ts'
import { xxh3, xxh3x128 } from './hash-xxh3.ts'
import { intHash64 } from '../values/int-hash.ts'
import { cityHashOfPlain, INT_HASH_64, isPlainInteger } from './city-hash.ts'
import { keccak256 } from './keccak.ts'
import { sipHash128, sipHash128Reference, sipHash64, type SipKey } from './sip-hash.ts'
import { isInteger, isNumber, isString, NULL_ONLY } from '../values/types.ts'
import { bigVector, largeVector, newBigs, slotOf } from '../values/vectors.ts'

const fixed = (bytes: number): DataType => internType(`FixedString(${bytes})`, 'FixedString', { length: bytes })

/** Texts, and addresses of 16 bytes. */
const ofTextOrAddress = (name: string, type: DataType) => (args: readonly ArgInfo[]): DataType => {
  expectTypes(name, args, (arg) => isString(arg) || arg.id === 'IPv6')
  return type
}

const digest = (name: string, algorithm: string, bytes: number): FunctionDef =>
  define(name, [1, 1], ofTextOrAddress(name, fixed(bytes)), ([a], type, rowCount, context) => {
    const read = bytesReader(a, context)
    return bytesBy(type, rowCount, context, (row) => createHash(algorithm).update(read(row)).digest())
  })

/** The same without Node's. */
const ownDigest = (name: string, bytes: number, hash: (bytes: Uint8Array) => Uint8Array): FunctionDef =>
  define(name, [1, 1], ofTextOrAddress(name, fixed(bytes)), ([a], type, rowCount, context) => {
    const read = bytesReader(a, context)
    return bytesBy(type, rowCount, context, (row) => hash(read(row)))
  })

const OF_ANY = { hashesVariants: true }

/** A hash of 64 bits over anything. */
const wide = (name: string, rule: HashRule, type: DataType = UINT64): FunctionDef =>
  define(name, [0, ANY_COUNT], always(type), (args, result, rowCount, context) => {
    const hash = anyHash(args, rule, context)
    const out = newBigs(result, rowCount, context.account)
    for (let row = 0; row < rowCount; row++) out[row] = hash(row)
    return bigVector(result, out)
  }, OF_ANY)

/** A hash of 32 bits over anything. */
const narrow = (name: string, hash: (bytes: Uint8Array) => number): FunctionDef => {
  const ofBytes = (bytes: Uint8Array): bigint => BigInt(hash(bytes))
  const rule: HashRule = {
    bits: 32, ofBytes, ofBits: null, ofSize: (size) => BigInt(intHash32(size)),
    join: (a, b) => BigInt(intHash32(a)) ^ b,
  }
  return define(name, [0, ANY_COUNT], always(UINT32), (args, type, rowCount, context) => {
    const each = anyHash(args, rule, context)
    return numbersBy(type, rowCount, context, (row) => Number(BigInt.asUintN(32, each(row))))
  }, OF_ANY)
}

/** One string, one number. */
const ofText = (name: string, type: DataType, hash: (bytes: Uint8Array) => number | bigint): FunctionDef =>
  define(name, [1, 1], ofStrings(name, type), ([a], result, rowCount, context) => {
    const read = bytesReader(a, context)
    if (type.id !== 'UInt64') return numbersBy(result, rowCount, context, (row) => Number(hash(read(row))))
    const out = newBigs(result, rowCount, context.account)
    for (let row = 0; row < rowCount; row++) out[row] = BigInt(hash(read(row)))
    return bigVector(result, out)
  })

/** Java's hashes: of one value by its bytes, as they can't be joined. */
const javaLike = (name: string, hash: (bytes: Uint8Array) => number,
  returnType: FunctionDef['returnType'] = always(INT32)): FunctionDef => {
  const rule: HashRule = {
    bits: 32, ofBytes: (bytes) => BigInt(hash(bytes)), ofBits: null, ofSize: (size) => BigInt(intHash32(size)),
    join: () => { throw new FunctionError(`${name} takes a single value`, 'NOT_IMPLEMENTED') },
  }
  return define(name, [0, ANY_COUNT], returnType, (args, type, rowCount, context) => {
    const each = anyHash(args, rule, context)
    return numbersBy(type, rowCount, context, (row) => Number(BigInt.asIntN(32, each(row))))
  }, OF_ANY)
}

/** Types that Java has no number for. */
const isUnsigned = ({ id }: DataType): boolean => /^(UInt(8|16|32|64)|Bool|Date|DateTime)$/.test(id)

const javaOfBytes = javaLike('javaHash', javaHash, (args) => {
  expectTypes('javaHash', args, (type) => !isUnsigned(type))
  return INT32
})

/** Java's hashCode: numbers of up to 64 bits have their own. */
const javaHashDef: FunctionDef = { ...javaOfBytes, evaluate: (args, type, rowCount, context, lambda) => {
  const [a] = args
  if (args.length !== 1 || !/^(Int(8|16|32|64)|Enum(8|16)|Date32)$/.test(a.type.id)) {
    return javaOfBytes.evaluate(args, type, rowCount, context, lambda)
  }
  const read = bigReader(a)
  return numbersBy(type, rowCount, context, (row) => {
    const value = read(row)
    return Number(BigInt.asIntN(32, a.type.id === 'Int64' ? value ^ (BigInt.asUintN(64, value) >> 32n) : value))
  })
} }

const bytesOf = (value: bigint, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => Number((value >> BigInt(8 * i)) & 255n))

const numberOf = (bytes: Uint8Array): bigint =>
  bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)

const concat = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const all = new Uint8Array(a.length + b.length)
  all.set(a)
  all.set(b, a.length)
  return all
}

/** A hash of 16 bytes over anything. */
const long = (name: string, hash: (bytes: Uint8Array) => Uint8Array): FunctionDef => {
  const ofBytes = (bytes: Uint8Array): bigint => numberOf(hash(bytes))
  const rule: HashRule = {
    bits: 128, ofBytes, ofBits: null, ofSize: (size) => BigInt(intHash32(size)),
    join: (a, b) => ofBytes(concat(bytesOf(a, 16), bytesOf(b, 16))),
  }
  return define(name, [0, ANY_COUNT], always(fixed(16)), (args, type, rowCount, context) => {
    const each = anyHash(args, rule, context)
    return bytesBy(type, rowCount, context, (row) => bytesOf(each(row), 16))
  }, OF_ANY)
}

/** SipHash with a key of two UInt64 as its first argument; without one, the hash of nothing. */
function keyedSip(name: string, type: DataType, hash: (bytes: Uint8Array, key: SipKey) => Uint8Array): FunctionDef {
  const width = type.id === 'UInt64' ? 8 : 16
  return define(name, [0, ANY_COUNT], (infos) => {
    if (infos.length === 0) return type
    const [key] = infos
    if (key.type.id !== 'Tuple' || key.type.args.length !== 2 || key.type.args.some((arg) => arg !== UINT64)) {
      throw new FunctionError(`The key of ${name} is a tuple of two UInt64`, 'BAD_ARGUMENTS')
    }
    return type
  }, (args, result, rowCount, context) => {
    const [key, ...rest] = args
    if (args.length > 0 && key.kind !== 'tuple') throw new Error(`${name}: the key is no tuple`)
    const [k0, k1] = key?.kind === 'tuple' ? key.fields.map(bigReader) : [() => 0n, () => 0n]
    const out: Uint8Array[] = []
    for (let row = 0; row < rowCount; row++) {
      const at = key?.isConst ? 0 : row
      const own: SipKey = [BigInt.asUintN(64, k0(at)), BigInt.asUintN(64, k1(at))]
      const ofBytes = (bytes: Uint8Array): bigint => numberOf(hash(bytes, own))
      const rule: HashRule = {
        bits: width === 8 ? 64 : 128, ofBytes, ofBits: null, ofSize: (size) => (width === 8 ? intHash64(size) : BigInt(intHash32(size))),
        join: (a, b) => ofBytes(concat(bytesOf(a, width), bytesOf(b, width))),
      }
      out.push(bytesOf(anyHash(rest, rule, context)(row), width))
    }
    if (width === 16) return bytesBy(result, rowCount, context, (row) => out[row])
    const numbers = newBigs(result, rowCount, context.account)
    out.forEach((bytes, row) => { numbers[row] = numberOf(bytes) })
    return bigVector(result, numbers)
  }, OF_ANY)
}

const intHash32Def = define('intHash32', [1, 1], (args) => {
  expectTypes('intHash32', args, isPlainInteger)
  return UINT32
}, ([a], type, rowCount, context) => {
  const read = bigReader(a)
  return numbersBy(type, rowCount, context, (row) => intHash32(BigInt.asUintN(64, read(row))))
})

const halfMd5 = (bytes: Uint8Array): bigint =>
  createHash('md5').update(bytes).digest().readBigUInt64BE(0)

/** Hashes joined by a hash of both hashes' bytes. */
const byBytes = (hash: (bytes: Uint8Array) => bigint): HashRule => ({
  bits: 64, ofBytes: hash, ofBits: null, ofSize: intHash64,
  join: (a, b) => hash(concat(bytesOf(a, 8), bytesOf(b, 8))),
})

/** Hashes joined as CityHash joins halves. */
const byCity = (hash: (bytes: Uint8Array) => bigint): HashRule =>
  ({ bits: 64, ofBytes: hash, ofBits: null, ofSize: intHash64, join: hash128to64 })

/** The same with numbers hashed by intHash64. */
const byCityAndInt = (hash: (bytes: Uint8Array) => bigint): HashRule => ({ ...byCity(hash), ofBits: intHash64 })

/** Hashes joined by intHash64 and xor. */
const byInt = (hash: (bytes: Uint8Array) => bigint): HashRule =>
  ({ bits: 64, ofBytes: hash, ofBits: null, ofSize: intHash64, join: (a, b) => intHash64(a) ^ b })

const jumpConsistent = define('jumpConsistentHash', [2, 2], (args) => {
  expectTypes('jumpConsistentHash', args, isInteger)
  return INT32
}, ([hash, buckets], type, rowCount, context) => {
  const count = Number(bigReader(buckets)(0))
  if (!buckets.isConst && buckets.length > 1) throw new FunctionError('The number of buckets of jumpConsistentHash must be constant', 'ILLEGAL_COLUMN')
  if (count <= 0 || count > 2 ** 31) throw new FunctionError('jumpConsistentHash needs at least one bucket', 'BAD_ARGUMENTS')
  const read = bigReader(hash)
  return numbersBy(type, rowCount, context, (row) => jumpBucket(BigInt.asUintN(64, read(row)), count))
})

const kostikConsistent = define('kostikConsistentHash', [2, 2], (args) => {
  expectTypes('kostikConsistentHash', args, isInteger)
  return UINT16
}, (args, type, rowCount, context) => {
  const count = Number(constantOf('kostikConsistentHash', args, 1))
  if (!(count > 0 && count <= KOSTIK_BUCKETS_MAX)) {
    throw new FunctionError(`kostikConsistentHash takes 1 to ${KOSTIK_BUCKETS_MAX} buckets, not ${count}`, 'BAD_ARGUMENTS')
  }
  const read = bigReader(args[0])
  return numbersBy(type, rowCount, context, (row) => kostikBucket(BigInt.asUintN(64, read(row)), count))
}, { aliases: ['yandexConsistentHash'] })

/** HMAC('sha256', message, key). */
const hmac = define('HMAC', [3, 3], stringsToString('HMAC'), (args, type, rowCount, context) => {
  const name = String(constantOf('HMAC', args, 0)).toLowerCase()
  if (!/^(md5|sha1|sha224|sha256|sha384|sha512|sha512-256)$/.test(name)) {
    throw new FunctionError(`HMAC does not know the hash function '${name}'`, 'BAD_ARGUMENTS')
  }
  const [key, message] = [bytesReader(args[2], context), bytesReader(args[1], context)]
  return bytesBy(type, rowCount, context, (row) => createHmac(name, key(row)).update(message(row)).digest())
})

/** Java's hashCode over UTF-16 in bytes, low byte first. */
const javaUtf16 = javaLike('javaHashUTF16LE', (bytes) => {
  if (bytes.length % 2 !== 0) throw new FunctionError('javaHashUTF16LE takes an even number of bytes', 'BAD_ARGUMENTS')
  let hash = 0
  for (let i = 0; i < bytes.length; i += 2) hash = (Math.imul(31, hash) + (bytes[i] | (bytes[i + 1] << 8))) | 0
  return hash
})

const cityOfAny = wide('cityHash64', byCityAndInt((bytes) => cityHash64(bytes, 0, bytes.length)))

/** Strings and plain numbers have a way of their own. */
const cityHash: FunctionDef = { ...cityOfAny, evaluate: (args, ...rest) => {
  const isPlain = args.length > 0 && args.every(({ type }) => isString(type) || isNumber(type) || type.id === 'Date' || type.id === 'DateTime')
  return (isPlain ? cityHashOfPlain : cityOfAny.evaluate)(args, ...rest)
} }

/** XXH3 of 128 bits as a number. */
const xxh3Wide: FunctionDef = define('xxh3_128', [0, ANY_COUNT], always(UINT128), (args, type, rowCount, context) => {
  const each = anyHash(args, {
    bits: 128, ofBytes: xxh3x128, ofBits: null, ofSize: (size) => BigInt(intHash32(size)),
    join: (a, b) => xxh3x128(concat(bytesOf(a, 16), bytesOf(b, 16))),
  }, context)
  return largeVector(type, rowCount, context.account, each)
}, OF_ANY)

const SPARK_SEED = 42n

/** xxHash64 with Spark's seed, over one text; of a NULL the seed itself, as there. */
const xxHashOfSpark = define('xxHash64Spark', [1, 1], (args) => {
  expectTypes('xxHash64Spark', args, (type) => bareType(type).id === 'String' || type === NULL_ONLY)
  return likeSource(args, INT64)
}, ([a], type, rowCount, context) => {
  const out = newBigs(INT64, rowCount, context.account).fill(SPARK_SEED)
  if (a.type === NULL_ONLY) return bigVector(type, out)
  const read = bytesReader(a, context)
  for (let row = 0; row < rowCount; row++) {
    if (a.nulls?.[slotOf(a, row)] !== 1) out[row] = BigInt.asIntN(64, xxHash64(read(row), SPARK_SEED))
  }
  return bigVector(type, out)
}, { nulls: 'own' })

const sip64Bytes = (bytes: Uint8Array, key: SipKey): Uint8Array => bytesOf(sipHash64(bytes, key), 8)
const KAFKA_SEED = 0x9747b28c | 0

export const HASHES: readonly FunctionDef[] = [
  digest('MD5', 'md5', 16), digest('SHA1', 'sha1', 20), digest('SHA224', 'sha224', 28),
  digest('SHA256', 'sha256', 32), digest('SHA384', 'sha384', 48), digest('SHA512', 'sha512', 64),
  digest('SHA512_256', 'sha512-256', 32), digest('RIPEMD160', 'ripemd160', 20),
  ownDigest('keccak256', 32, keccak256), ownDigest('MD4', 16, md4),
  wide('sipHash64', byBytes((bytes) => sipHash64(bytes))), long('sipHash128', sipHash128), long('sipHash128Reference', sipHash128Reference),
  keyedSip('sipHash64Keyed', UINT64, sip64Bytes), keyedSip('sipHash128Keyed', fixed(16), sipHash128),
  keyedSip('sipHash128ReferenceKeyed', fixed(16), sipHash128Reference),
  cityHash, INT_HASH_64, wide('farmHash64', byCityAndInt(farmHash64)),
  wide('farmFingerprint64', { ...byCityAndInt(farmFingerprint64), join: farmFingerprint128 }), wide('metroHash64', byCityAndInt(metroHash64)),
  wide('xxHash64', byCity((bytes) => xxHash64(bytes))), narrow('xxHash32', xxHash32), wide('xxh3', byCity(xxh3)), xxh3Wide, xxHashOfSpark,
  wide('wyHash64', byBytes(wyHash64)), wide('halfMD5', byBytes(halfMd5)), narrow('murmurHash2_32', murmurHash2x32),
  wide('murmurHash2_64', byInt(murmurHash2x64)), narrow('murmurHash3_32', murmurHash3x32),
  narrow('kafkaMurmurHash', (bytes) => murmurHash2x32(bytes, KAFKA_SEED) & 0x7fffffff),
  wide('murmurHash3_64', byInt(murmurHash3x64)), long('murmurHash3_128', murmurHash3x128),
  javaHashDef, javaUtf16, javaLike('hiveHash', hiveHash),
  wide('gccMurmurHash', byInt((bytes) => murmurHash2x64(bytes, 0xc70f6907n))),
  ofText('CRC32', UINT32, crc32), ofText('CRC64', UINT64, crc64), intHash32Def, jumpConsistent, kostikConsistent,
  hmac,
]
