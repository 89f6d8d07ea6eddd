// Random numbers by distribution, random texts, UUIDs that begin with the time.
// Invariant: every row has a value of its own; nothing here is folded.

import { randomFillSync } from 'node:crypto'
import { threadId } from 'node:worker_threads'
import { FLOAT64, STRING, UINT32, UINT64, UINT8, UUID, type DataType } from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { constantInfo, define, expectTypes, likeSource, numberReader, numbersBy } from '../base/define.ts'
import { bytesBy, bytesReader, stringsBy } from '../base/define-text.ts'
import { FunctionError, type ArgInfo, type FunctionDef } from '../values/function.ts'
import { bigVector, newBigs, numberVector } from '../values/vectors.ts'
import { isInteger, isNumber, isString } from '../values/types.ts'
import { constVector, vectorOf } from '../values/values.ts'

const UINT64_MAX = 2n ** 64n - 1n

/** Drawn anew for each row; an argument, whatever it is, only tells calls apart. */
const DRAWN = { isVolatile: true, nulls: 'own' } as const
/** Its type, LowCardinality beside such an argument. */
const drawn = (type: DataType) => (args: readonly ArgInfo[]): DataType => (args.length > 0 ? likeSource(args, type) : type)

const rand = define('rand', [0, 1], drawn(UINT32), (_args, type, rowCount, context) =>
  numbersBy(type, rowCount, context, () => Math.floor(Math.random() * 4294967296)),
{ ...DRAWN, aliases: ['rand32'] })

const rand64 = define('rand64', [0, 1], drawn(UINT64), (_args, type, rowCount, context) => {
  const out = newBigs(type, rowCount, context.account)
  crypto.getRandomValues(new Uint8Array(out.buffer, out.byteOffset, out.byteLength))
  return bigVector(type, out)
}, DRAWN)

const randCanonical = define('randCanonical', [0, 1], drawn(FLOAT64),
  (_args, type, rowCount, context) => numbersBy(type, rowCount, context, () => Math.random()),
  DRAWN)

const generateUuid = define('generateUUIDv4', [0, 1], drawn(UUID),
  (_args, type, rowCount, context) => {
    const out = new ByteBuilder(rowCount, context.account, rowCount * 16)
    const bytes = new Uint8Array(16)
    for (let row = 0; row < rowCount; row++) {
      crypto.getRandomValues(bytes)
      bytes[1] = (bytes[1] & 0x0f) | 0x40 // version 4; the first half is stored backwards
      bytes[15] = (bytes[15] & 0x3f) | 0x80
      out.slice(bytes, 0, 16)
      out.endRow()
    }
    return out.finish(type)
  }, DRAWN)

/** Whole numbers that were drawn: bigints where a number holds them no more, ClickHouse's largest for infinity. */
function wholesOf(drawn: Float64Array, type: DataType, account: MemoryAccount): Vector {
  if (drawn.every((number) => Number.isSafeInteger(number))) return numberVector(type, drawn)
  const out = newBigs(type, drawn.length, account)
  drawn.forEach((number, i) => { out[i] = number < 2 ** 64 ? BigInt(number) : UINT64_MAX })
  return bigVector(type, out)
}

/** Numbers of a distribution with `count` parameters, whose last is a probability or not. */
const distribution = (name: string, count: number, type: DataType, draw: (a: number, b: number) => number,
  hasChance = false): FunctionDef =>
  define(name, [count, count + 1], (args) => {
    expectTypes(name, args.slice(0, count), isNumber)
    return type
  }, (args, result, rowCount, context) => {
    const readers = args.slice(0, count).map(numberReader)
    const parameter = (row: number, i: number): number => {
      const value = readers[i](row)
      if (!Number.isFinite(value)) throw new FunctionError(`Parameter number ${i} of function ${name} cannot be NaN or infinite`, 'BAD_ARGUMENTS')
      if (!hasChance || i !== count - 1 || (value >= 0 && value <= 1)) return value
      throw new FunctionError(`Argument of function ${name} should be inside [0, 1] because it is a probability`, 'BAD_ARGUMENTS')
    }
    const each = (row: number): number => draw(parameter(row, 0), count > 1 ? parameter(row, 1) : 0)
    if (type !== UINT64) return numbersBy(result, rowCount, context, each)
    const drawn = context.account.f64(rowCount)
    for (let row = 0; row < rowCount; row++) drawn[row] = each(row)
    return wholesOf(drawn, result, context.account)
  }, { isVolatile: true })

const normal = (): number => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())
const exponential = (rate: number): number => -Math.log(1 - Math.random()) / rate

// From so many on the normal distribution stands for theirs.
const NEARLY_NORMAL = 1000

/** Arrivals within one unit of time. */
function poisson(rate: number): number {
  if (!(rate >= 0)) throw new FunctionError('The rate of randPoisson must not be negative', 'BAD_ARGUMENTS')
  if (rate > NEARLY_NORMAL) return Math.max(0, Math.round(rate + normal() * Math.sqrt(rate)))
  let [count, time] = [0, exponential(rate)]
  while (time < 1) {
    count++
    time += exponential(rate)
  }
  return count
}

function binomial(number: number, chance: number): number {
  const tries = Math.trunc(number)
  if (tries > NEARLY_NORMAL) {
    return Math.min(tries, Math.max(0, Math.round(tries * chance + normal() * Math.sqrt(tries * chance * (1 - chance)))))
  }
  let count = 0
  for (let i = 0; i < tries; i++) if (Math.random() < chance) count++
  return count
}

/** The sum of the squares of so many normal numbers. */
function chiSquared(freedom: number): number {
  let sum = 0
  for (let i = 0; i < Math.min(freedom, NEARLY_NORMAL); i++) sum += normal() ** 2
  return freedom <= NEARLY_NORMAL ? sum : Math.max(0, freedom + normal() * Math.sqrt(2 * freedom))
}

/** Failures before so many successes. */
function negativeBinomial(successes: number, chance: number): number {
  if (chance === 0) return Infinity
  let count = 0
  for (let i = 0; i < Math.min(successes, NEARLY_NORMAL); i++) {
    count += chance >= 1 ? 0 : Math.floor(Math.log(1 - Math.random()) / Math.log(1 - chance))
  }
  return count
}

/** Bits of a text turned with a chance of `p`. */
const fuzzBits = define('fuzzBits', [2, 2], (args) => {
  expectTypes('fuzzBits', args, isString, isNumber)
  return args[0].type
}, ([bytes, chance], type, rowCount, context) => {
  const [read, p] = [bytesReader(bytes, context), numberReader(chance)]
  return bytesBy(type, rowCount, context, (row) => read(row).map((byte) => {
    let out = byte
    for (let bit = 0; bit < 8; bit++) if (Math.random() < p(row)) out ^= 1 << bit
    return out
  }))
}, { isVolatile: true })

/** One number for all rows. */
const randConstant = define('randConstant', [0, 1], drawn(UINT32), (_args, type, rowCount, context) =>
  constVector(Math.floor(Math.random() * 2 ** 32), type, rowCount, context.account), { isVolatile: true, nulls: 'own' })

/** Characters below U+D800, which UTF-8 writes in one to three bytes. */
const randomStringUTF8 = define('randomStringUTF8', [1, 1], (args) => {
  expectTypes('randomStringUTF8', args, isInteger)
  return STRING
}, ([length], type, rowCount, context) => {
  const read = numberReader(length)
  return stringsBy(type, rowCount, context, (row) => {
    if (read(row) < 0 || read(row) > LENGTH_MAX) throw new FunctionError('Too large string size in function randomStringUTF8', 'TOO_LARGE_STRING_SIZE')
    return Array.from({ length: read(row) }, () => String.fromCharCode(1 + Math.floor(Math.random() * 0xd7ff))).join('')
  })
}, { isVolatile: true })

const randomFixedString = define('randomFixedString', [1, 1], (args) => {
  expectTypes('randomFixedString', args, isInteger)
  return parseDataType(`FixedString(${String(constantInfo('randomFixedString', args, 0))})`)
}, (_args, type, rowCount, context) =>
  bytesBy(type, rowCount, context, () => randomFillSync(new Uint8Array(type.length))), { isVolatile: true })

const LENGTH_MAX = 1 << 24

/** Texts of random bytes. */
const text = (name: string, byteOf: (random: number) => number): FunctionDef => define(name, [1, 2], (args) => {
  expectTypes(name, args.slice(0, 1), isNumber)
  return STRING
}, ([length], type, rowCount, context) => {
  const read = numberReader(length)
  return bytesBy(type, rowCount, context, (row) => {
    if (read(row) < 0 || read(row) > LENGTH_MAX) throw new FunctionError(`Too large string size in function ${name}`, 'TOO_LARGE_STRING_SIZE')
    const bytes = randomFillSync(new Uint8Array(Math.trunc(read(row))))
    return bytes.map(byteOf)
  })
}, { isVolatile: true })

/** 48 bits of milliseconds, a counter that grows within a millisecond, 62 random bits. */
function uuidV7(nowMs: number, counter: number): string {
  const random = Buffer.from(randomFillSync(new Uint8Array(8))).toString('hex')
  const time = nowMs.toString(16).padStart(12, '0')
  const variant = (8 + (parseInt(random[0], 16) & 3)).toString(16)
  const count = (counter & 0xfff).toString(16).padStart(3, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${variant}${random.slice(1, 4)}-${random.slice(4)}`
}

const generateUuidV7 = define('generateUUIDv7', [0, 1], drawn(UUID), (_args, type, rowCount, context) =>
  vectorOf(Array.from({ length: rowCount }, (_, row) => uuidV7(Date.now(), row)), type, context.account),
{ isVolatile: true, nulls: 'own' })

/** The millisecond of this thread's last snowflake, and its number within that: both together only rise. */
let [lastMs, lastWithin] = [0, 0]

/** Milliseconds, the thread's number as that of a machine, and a number within the millisecond. */
function snowflake(): bigint {
  const nowMs = Date.now()
  lastWithin = nowMs > lastMs ? 0 : (lastWithin + 1) % 4096
  lastMs = nowMs > lastMs ? nowMs : lastMs + (lastWithin === 0 ? 1 : 0)
  return BigInt(lastMs) << 22n | BigInt(threadId & 1023) << 12n | BigInt(lastWithin)
}

const generateSnowflake = define('generateSnowflakeID', [0, 2], drawn(UINT64), (_args, type, rowCount, context) =>
  vectorOf(Array.from({ length: rowCount }, snowflake), type, context.account), { isVolatile: true, nulls: 'own' })

export const RANDOM: readonly FunctionDef[] = [
  rand, rand64, randCanonical, generateUuid, generateSnowflake,
  distribution('randUniform', 2, FLOAT64, (low, high) => low + Math.random() * (high - low)),
  distribution('randNormal', 2, FLOAT64, (mean, deviation) => mean + normal() * deviation),
  distribution('randLogNormal', 2, FLOAT64, (mean, deviation) => Math.exp(mean + normal() * deviation)),
  distribution('randExponential', 1, FLOAT64, exponential), distribution('randPoisson', 1, UINT64, poisson),
  distribution('randBernoulli', 1, UINT8, (chance) => Number(Math.random() < chance), true),
  distribution('randBinomial', 2, UINT64, binomial, true),
  distribution('randNegativeBinomial', 2, UINT64, negativeBinomial, true),
  distribution('randChiSquared', 1, FLOAT64, chiSquared),
  distribution('randStudentT', 1, FLOAT64, (freedom) => normal() / Math.sqrt(chiSquared(freedom) / freedom)),
  distribution('randFisherF', 2, FLOAT64, (a, b) => (chiSquared(a) / a) / (chiSquared(b) / b)),
  randConstant, randomStringUTF8, randomFixedString, fuzzBits, generateUuidV7,
  text('randomString', (byte) => byte), text('randomPrintableASCII', (byte) => 32 + byte % 95),
]
