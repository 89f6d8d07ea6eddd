// Random numbers by distribution, random texts, UUIDs that begin with the time.
// Invariant: every row has a value of its own; nothing here is folded.

import { randomFillSync } from 'node:crypto'
import { FLOAT64, STRING, UINT64, UINT8, UUID, type DataType } from '../../storage/column/data-type.ts'
import { define, expectTypes, numberReader, numbersBy } from './define.ts'
import { bytesBy } from './define-text.ts'
import { FunctionError, type FunctionDef } from './function.ts'
import { isInteger, isNumber } from './types.ts'
import { vectorOf } from './values.ts'

/** Numbers of a distribution with `count` parameters. */
const distribution = (name: string, count: number, type: DataType, draw: (a: number, b: number) => number): FunctionDef =>
  define(name, [count, count + 1], (args) => {
    expectTypes(name, args.slice(0, count), isNumber)
    return type
  }, (args, result, rowCount, context) => {
    const [a, b] = args.map(numberReader)
    return numbersBy(result, rowCount, context, (row) => draw(a(row), count > 1 ? b(row) : 0))
  }, { isVolatile: true })

const normal = (): number => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())
const exponential = (rate: number): number => -Math.log(1 - Math.random()) / rate

// From so many on the normal distribution stands for theirs.
const NEARLY_NORMAL = 1000

/** Arrivals within one unit of time. */
function poisson(rate: number): number {
  if (rate > NEARLY_NORMAL) return Math.max(0, Math.round(rate + normal() * Math.sqrt(rate)))
  let [count, time] = [0, exponential(rate)]
  while (time < 1) {
    count++
    time += exponential(rate)
  }
  return count
}

function binomial(tries: number, chance: number): number {
  if (tries > NEARLY_NORMAL) {
    return Math.min(tries, Math.max(0, Math.round(tries * chance + normal() * Math.sqrt(tries * chance * (1 - chance)))))
  }
  let count = 0
  for (let i = 0; i < tries; i++) if (Math.random() < chance) count++
  return count
}

const LENGTH_MAX = 1 << 24

/** Texts of random bytes. */
const text = (name: string, byteOf: (random: number) => number): FunctionDef => define(name, [1, 2], (args) => {
  expectTypes(name, args.slice(0, 1), isInteger)
  return STRING
}, ([length], type, rowCount, context) => {
  const read = numberReader(length)
  return bytesBy(type, rowCount, context, (row) => {
    if (read(row) < 0 || read(row) > LENGTH_MAX) throw new FunctionError(`Too large string size in function ${name}`, 'TOO_LARGE_STRING_SIZE')
    const bytes = randomFillSync(new Uint8Array(read(row)))
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

const generateUuidV7 = define('generateUUIDv7', [0, 1], () => UUID, (_args, type, rowCount, context) =>
  vectorOf(Array.from({ length: rowCount }, (_, row) => uuidV7(Date.now(), row)), type, context.account),
{ isVolatile: true })

export const RANDOM: readonly FunctionDef[] = [
  distribution('randUniform', 2, FLOAT64, (low, high) => low + Math.random() * (high - low)),
  distribution('randNormal', 2, FLOAT64, (mean, deviation) => mean + normal() * deviation),
  distribution('randLogNormal', 2, FLOAT64, (mean, deviation) => Math.exp(mean + normal() * deviation)),
  distribution('randExponential', 1, FLOAT64, exponential), distribution('randPoisson', 1, UINT64, poisson),
  distribution('randBernoulli', 1, UINT8, (chance) => Number(Math.random() < chance)),
  distribution('randBinomial', 2, UINT64, binomial), generateUuidV7,
  text('randomString', (byte) => byte), text('randomPrintableASCII', (byte) => 32 + byte % 95),
]
