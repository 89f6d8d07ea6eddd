// Mathematics and rounding: round, floor, ceil, trunc, sqrt, exp, log, pow, isNaN.
// Invariant: round is the banker's for floats, half away from zero for integers, as in ClickHouse.

import { FLOAT64, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { asDoubles } from './arithmetic.ts'
import { castVector } from '../values/cast.ts'
import { always, bigReader, constantOf, define, expectTypes, numberReader, numbersBy } from '../base/define.ts'
import { FunctionError, type EvalContext, type FunctionDef } from '../values/function.ts'
import { runBinary, runUnary } from '../values/loops.ts'
import { isInteger, isNumber, numberInfo, type NumberInfo } from '../values/types.ts'
import { bigVector, largeVector, materialize, newBigs, newNumbers, numberVector, pick } from '../values/vectors.ts'

const isNumeric = (type: DataType): boolean => isNumber(type) || type.id === 'Decimal'

type Rounding = 'round' | 'floor' | 'ceil' | 'trunc' | 'roundBankers'

/** A float to a whole number. */
const WHOLE: Readonly<Record<Rounding, string>> = {
  // Half to even: x - 0.5 rounded up is even or one too many.
  round: '(v => { const r = Math.round(v); return r - v === 0.5 && r % 2 !== 0 ? r - 1 : r })',
  roundBankers: '(v => { const r = Math.round(v); return r - v === 0.5 && r % 2 !== 0 ? r - 1 : r })',
  floor: 'Math.floor', ceil: 'Math.ceil', trunc: 'Math.trunc',
}

function roundRows(
  how: Rounding, vector: Vector, digits: number, type: DataType, rowCount: number,
  context: EvalContext,
): Vector {
  const scale = type.id === 'Decimal' ? type.scale : 0
  const isFloat = type.id === 'Float32' || type.id === 'Float64'
  if (!isFloat && digits >= scale) return vector.isConst ? { ...vector, length: rowCount } : vector
  if (isFloat && vector.kind === 'number') {
    const out = newNumbers(type, rowCount, context.account)
    const factor = 10 ** Math.abs(digits)
    // Float32 is scaled as Float32: 664.1 is a little less in doubles.
    const near = type.id === 'Float32' ? 'Math.fround' : ''
    const expression = digits === 0 ? `${WHOLE[how]}(x)`
      : digits > 0 ? `Number.isFinite(${near}(x * ${factor})) ? ${WHOLE[how]}(${near}(x * ${factor})) / ${factor} : x`
        : `${WHOLE[how]}(${near}(x / ${factor})) * ${factor}`
    runUnary(expression, vector.values, out, vector.values.length)
    return numberVector(type, out)
  }
  const unit = 10n ** BigInt(scale - digits)
  const read = bigReader(vector)
  const info = numberInfo(type)
  const rounded = (row: number): bigint => (info === null ? roundBig(how, read(row), unit)
    : unit > wholeMax(info) ? 0n : roundWhole(how, read(row), unit, info))
  if (isLarge(type)) return largeVector(type, rowCount, context.account, rounded)
  const big = newBigs(type, rowCount, context.account)
  let isSafe = true
  for (let row = 0; row < rowCount; row++) {
    big[row] = rounded(row)
    if (!Number.isSafeInteger(Number(big[row]))) isSafe = false
  }
  if (!isSafe) return bigVector(type, big)
  return numbersBy(type, rowCount, context, (row) => Number(big[row]))
}

/** A unit beyond this leaves nothing of a whole number: ClickHouse counts in powers of ten of 64 bits. */
function wholeMax({ bytes, isSigned }: NumberInfo): bigint {
  const most = 2n ** BigInt(bytes * 8 - (isSigned ? 1 : 0)) - 1n
  return most < UNIT_MAX ? most : UNIT_MAX
}
const UNIT_DIGITS = 19
const UNIT_MAX = 10n ** BigInt(UNIT_DIGITS)

/** Of a whole number: ClickHouse steps beyond the next multiple in the number's own type, and may wrap around there; sums of narrow
 * ones have 32 bits. */
function roundWhole(how: Rounding, value: bigint, unit: bigint, { bytes, isSigned }: NumberInfo): bigint {
  const fit = isSigned ? BigInt.asIntN : BigInt.asUintN
  const own = (result: bigint): bigint => fit(bytes * 8, result)
  if (how === 'trunc') return value / unit * unit
  if (how === 'ceil') return own((value >= 0n ? own(value + unit - 1n) : value) / unit * unit)
  const below = value < 0n ? own(value - (how === 'floor' ? unit - 1n : unit)) : value
  if (how === 'floor') return own(below / unit * unit)
  const raised = fit(Math.max(4, bytes) * 8, below + unit / 2n)
  let quotient = raised / unit
  if (how === 'roundBankers' && (isSigned ? own(quotient * unit) : quotient * unit) === raised) quotient = (quotient + (below < 0n ? 1n : 0n)) & ~1n
  return own(quotient * unit)
}

function roundBig(how: Rounding, value: bigint, unit: bigint): bigint {
  const rest = ((value % unit) + unit) % unit
  const below = value - rest
  if (rest === 0n) return value
  switch (how) {
    case 'floor': return below
    case 'ceil': return below + unit
    case 'trunc': return value < 0n ? below + unit : below
    default: {
      if (rest * 2n === unit) {
        if (how === 'roundBankers') return (below / unit) % 2n === 0n ? below : below + unit
        return value < 0n ? below : below + unit
      }
      return rest * 2n > unit ? below + unit : below
    }
  }
}

/** Digits after the point that are other ones in each row; those beyond any number change nothing more. */
function roundEach(how: Rounding, vector: Vector, by: Vector, type: DataType, rowCount: number, context: EvalContext): Vector {
  const read = numberReader(by)
  const digits: number[] = [] // as many as a number can have
  const which = context.account.u8(rowCount)
  for (let row = 0; row < rowCount; row++) {
    const wanted = Math.min(Math.max(Math.trunc(read(row)), -DIGITS_MOST), DIGITS_MOST)
    const known = digits.indexOf(wanted)
    which[row] = known < 0 ? digits.push(wanted) - 1 : known
  }
  if (digits.length === 0) return roundRows(how, vector, 0, type, rowCount, context)
  const full = vector.isConst ? materialize({ ...vector, length: rowCount }, context.account) : vector
  return pick(digits.map((count) => roundRows(how, full, count, type, rowCount, context)), which, null, rowCount, type, context.account)
}

const DIGITS_MOST = 80
/** Digits that may be asked for at all: 16 bits, as in ClickHouse. */
const SCALE_MOST = 32_767

const rounding = (name: Rounding, aliases: readonly string[] = []): FunctionDef =>
  define(name, [1, 2], (args) => {
    expectTypes(name, args, isNumeric, isInteger)
    return args[0].type
  }, (args, type, rowCount, context) => {
    const [a, by] = args
    if (by !== undefined && !by.isConst) return roundEach(name, a, by, type, rowCount, context)
    const digits = by === undefined ? 0 : Number(constantOf(name, args, 1))
    if (Math.abs(digits) > SCALE_MOST) throw new FunctionError(`Function ${name} rounds to ${digits} digits: too many`, 'ARGUMENT_OUT_OF_BOUND')
    if (digits < -UNIT_DIGITS && isInteger(type) && !a.isConst) {
      throw new FunctionError(`Function ${name} rounds columns of whole numbers to ${UNIT_DIGITS} places before the point at most`, 'BAD_ARGUMENTS')
    }
    return roundRows(name, a, digits, type, rowCount, context)
  }, { aliases })

/** Double in, double out. */
const real = (name: string, expression: string, aliases: readonly string[] = []): FunctionDef =>
  define(name, [1, 1], (args) => {
    expectTypes(name, args, isNumeric)
    return FLOAT64
  }, ([a], type, rowCount, context) => {
    const out = context.account.f64(rowCount)
    const values = asDoubles(a, context)
    const scale = a.type.id === 'Decimal' ? 10 ** a.type.scale : 1
    const text = scale === 1 ? expression : `((x) => ${expression})(x / ${scale})`
    runUnary(text, values, out, values.length)
    return numberVector(type, out)
  }, { aliases })

const realPair = (name: string, expression: string, aliases: readonly string[] = []): FunctionDef =>
  define(name, [2, 2], (args) => {
    expectTypes(name, args, isNumeric)
    return FLOAT64
  }, ([a, b], type, rowCount, context) => {
    const out = context.account.f64(rowCount)
    const [x, y] = [a, b].map((arg) => asDoubles(arg.type.id === 'Decimal' ? castVector(arg, FLOAT64, context) : arg, context))
    runBinary(expression, x, a.isConst, y, b.isConst, out, rowCount)
    return numberVector(type, out)
  }, { aliases })

const floatTest = (name: string, expression: string): FunctionDef => define(name, [1, 1], (args) => {
  expectTypes(name, args, isNumber)
  return UINT8
}, ([a], type, rowCount, context) => {
  const out = context.account.u8(rowCount)
  const values = asDoubles(a, context)
  runUnary(expression, values, out, values.length)
  return numberVector(type, out)
})

const constantNumber = (name: string, value: number): FunctionDef =>
  define(name, [0, 0], always(FLOAT64), (_args, type, rowCount, context) =>
    numbersBy(type, rowCount, context, () => value))

export const MATH: readonly FunctionDef[] = [
  rounding('round'), rounding('floor'), rounding('ceil', ['ceiling']), rounding('trunc', ['truncate']),
  rounding('roundBankers'), real('sqrt', 'Math.sqrt(x)'), real('cbrt', 'Math.cbrt(x)'),
  real('exp', 'Math.exp(x)'), real('exp2', '2 ** x'), real('exp10', '10 ** x'),
  real('log', 'Math.log(x)', ['ln']), real('log2', 'Math.log2(x)'), real('log10', 'Math.log10(x)'),
  real('log1p', 'Math.log1p(x)'), real('sin', 'Math.sin(x)'), real('cos', 'Math.cos(x)'),
  real('tan', 'Math.tan(x)'), real('asin', 'Math.asin(x)'), real('acos', 'Math.acos(x)'),
  real('atan', 'Math.atan(x)'), real('radians', 'x * Math.PI / 180'),
  real('degrees', 'x * 180 / Math.PI'), realPair('pow', 'x ** y', ['power']),
  realPair('atan2', 'Math.atan2(x, y)'), realPair('hypot', 'Math.hypot(x, y)'),
  realPair('max2', 'x > y || y !== y ? x : y'), realPair('min2', 'x < y || y !== y ? x : y'), floatTest('isNaN', 'x === x ? 0 : 1'),
  floatTest('isFinite', 'Number.isFinite(x) ? 1 : 0'),
  floatTest('isInfinite', 'x === Infinity || x === -Infinity ? 1 : 0'),
  constantNumber('pi', Math.PI), constantNumber('e', Math.E),
]
