// Colours: sRGB (0 to 255 a channel) to OKLab and OKLCH, and back; after Björn Ottosson's description.
// Invariant: the gamma is a plain power, 2.2 unless it is given.

import { FLOAT64, type DataType } from '../../../storage/column/data-type.ts'
import { byValues } from '../base/by-values.ts'
import { badArgument } from '../base/define.ts'
import { FunctionError, type ArgInfo, type FunctionDef } from '../values/function.ts'
import { isNumber, tupleOf } from '../values/types.ts'

type Triple = readonly number[]
type Matrix = readonly Triple[]

const TO_CONES: Matrix = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005]]
const TO_LAB: Matrix = [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.45059370996],
  [0.0259040371, 0.7827717662, -0.8086757660]]
const FROM_LAB: Matrix = [[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728],
  [1, -0.0894841775, -1.2914855480]]
const FROM_CONES: Matrix = [[4.0767416621, -3.3077115913, 0.2309699292], [-1.2684380046, 2.6097574011, -0.3413193965],
  [-0.0041960863, -0.7034186147, 1.7076147010]]

const times = (matrix: Matrix, [x, y, z]: Triple): number[] => matrix.map(([a, b, c]) => a * x + b * y + c * z)

const toLab = (rgb: Triple, gamma: number): number[] =>
  times(TO_LAB, times(TO_CONES, rgb.map((channel) => (channel / 255) ** gamma)).map(Math.cbrt))

const fromLab = (lab: Triple, gamma: number): number[] =>
  times(FROM_CONES, times(FROM_LAB, lab).map((cone) => cone ** 3))
    .map((channel) => Math.min(1, Math.max(0, channel)) ** (1 / gamma) * 255)

const DEGREE = Math.PI / 180

function toPolar([l, a, b]: Triple): number[] {
  const hue = Math.atan2(b, a) / DEGREE
  return [l, Math.hypot(a, b), hue < 0 ? hue + 360 : hue]
}

const fromPolar = ([l, chroma, hue]: Triple): number[] =>
  [l, chroma * Math.cos(hue * DEGREE), chroma * Math.sin(hue * DEGREE)]

function colorType(name: string, args: readonly ArgInfo[]): DataType {
  const [{ type }] = args
  if (type.id !== 'Tuple' || !type.args.every(isNumber)) throw badArgument(name, 0, type)
  if (type.args.length !== 3) throw new FunctionError(`Function ${name} takes a tuple of 3 numbers, not ${type.args.length}`)
  if (args.length > 1 && !isNumber(args[1].type)) throw badArgument(name, 1, args[1].type)
  return tupleOf([FLOAT64, FLOAT64, FLOAT64])
}

const color = (name: string, convert: (color: Triple, gamma: number) => number[]): FunctionDef =>
  byValues(name, [1, 2], (args) => colorType(name, args), ([channels, gamma]) =>
    convert((channels as Triple).map(Number), gamma === undefined ? 2.2 : Number(gamma)))

export const COLORS: readonly FunctionDef[] = [
  color('colorSRGBToOKLAB', toLab), color('colorOKLABToSRGB', fromLab),
  color('colorSRGBToOKLCH', (rgb, gamma) => toPolar(toLab(rgb, gamma))),
  color('colorOKLCHToSRGB', (lch, gamma) => fromLab(fromPolar(lch), gamma)),
]
