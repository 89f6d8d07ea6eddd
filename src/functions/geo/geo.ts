// Places on the Earth: distances, geohashes, points in polygons.
// Invariant: distances are ClickHouse's approximations to the digit in doubles: the same tables, the same
// borders between the flat and the round way.

import { arrayOf, FLOAT32, FLOAT64, internType, STRING, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import { byValues } from '../base/by-values.ts'
import { badArgument, define, expectTypes, numberReader, numbersBy } from '../base/define.ts'
import { stringsBy } from '../base/define-text.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'
import { isInteger, isNumber, isString } from '../values/types.ts'

/** In meters. */
export const EARTH_RADIUS = 6371007.180918475
const EARTH_DIAMETER = 2 * EARTH_RADIUS
const COSINES = Float64Array.from({ length: 1025 }, (_, i) => Math.cos(2 * Math.PI * i / 1024))
const ARC_SINES = Float64Array.from({ length: 513 }, (_, i) => Math.asin(Math.sqrt(i / 512)))
const METERS_PER_DEGREE = EARTH_DIAMETER * Math.PI / 360

/** Square of a degree's length along a meridian and along a parallel, by latitude in radians. */
type Metric = (latitude: number) => readonly [along: number, across: number]

const METRICS: Readonly<Record<string, Metric>> = {
  greatCircleAngle: (latitude) => [1, Math.cos(latitude) ** 2],
  greatCircleDistance: (latitude) => [METERS_PER_DEGREE ** 2, (METERS_PER_DEGREE * Math.cos(latitude)) ** 2],
  geoDistance: (x) => [(111132.09 - 566.05 * Math.cos(2 * x) + 1.2 * Math.cos(4 * x)) ** 2,
    (111415.13 * Math.cos(x) - 94.55 * Math.cos(3 * x) + 0.12 * Math.cos(5 * x)) ** 2],
}

const metricTable = (metric: Metric): (readonly [number, number])[] =>
  Array.from({ length: 1025 }, (_, i) => metric(i * (Math.PI / 1024) - Math.PI * 0.5))

/** A table read between its entries; `turn` entries earlier. */
function cosine(x: number, turn: number): number {
  const y = Math.abs(x) * (1024 / Math.PI / 2)
  const whole = Math.trunc(y)
  const i = (whole - turn) & 1023
  return COSINES[i] + (COSINES[i + 1] - COSINES[i]) * (y - whole)
}

function arcSineOfRoot(x: number): number {
  if (x < 0.122) {
    const y = Math.sqrt(x)
    return y + x * y * 0.166666666666666 + x * x * y * 0.075 + x * x * x * y * 0.044642857142857
  }
  if (x >= 0.948) return Math.asin(Math.sqrt(x))
  const i = Math.trunc(x * 512)
  return ARC_SINES[i] + (ARC_SINES[i + 1] - ARC_SINES[i]) * (x * 512 - i)
}

function degrees(difference: number): number {
  const size = Math.abs(difference)
  return size > 180 ? 360 - size : size
}

export const RADIAN = Math.PI / 180

const distance = (name: string): FunctionDef => {
  const table = metricTable(METRICS[name])
  const between = (lon1: number, lat1: number, lon2: number, lat2: number): number => {
    const [lat, lon] = [degrees(lat1 - lat2), degrees(lon1 - lon2)]
    if (lon < 13) {
      const middle = (lat1 + lat2 + 180) * 1024 / 360
      const i = Math.trunc(middle) & 1023
      const [a, b] = [table[i], table[i + 1]]
      const at = (k: 0 | 1): number => a[k] + (b[k] - a[k]) * (middle - i)
      return Math.sqrt(at(0) * lat * lat + at(1) * lon * lon)
    }
    const half = Math.PI / 360
    const haversine = cosine(lat * half, 256) ** 2
      + cosine(lat1 * RADIAN, 0) * cosine(lat2 * RADIAN, 0) * cosine(lon * half, 256) ** 2
    return (name === 'greatCircleAngle' ? 360 / Math.PI : EARTH_DIAMETER) * arcSineOfRoot(haversine)
  }
  return define(name, [4, 4], (args) => {
    expectTypes(name, args, isNumber)
    return args.some(({ type }) => type === FLOAT64) ? FLOAT64 : FLOAT32
  }, (args, type, rowCount, context) => {
    const [a, b, c, d] = args.map(numberReader)
    return numbersBy(type, rowCount, context, (row) => between(a(row), b(row), c(row), d(row)))
  })
}

const SIGNS = '0123456789bcdefghjkmnpqrstuvwxyz'

/** Halves the ranges in turn, longitude first; five halvings a sign. */
function geohash(longitude: number, latitude: number, precision: number): string {
  const ranges = [[-180, 180], [-90, 90]]
  const values = [longitude, latitude]
  let [text, bits] = ['', 0]
  for (let i = 0; i < precision * 5; i++) {
    const range = ranges[i % 2]
    const middle = (range[0] + range[1]) / 2
    const isUpper = values[i % 2] >= middle
    range[isUpper ? 0 : 1] = middle
    bits = bits * 2 + Number(isUpper)
    if (i % 5 === 4) {
      text += SIGNS[bits]
      bits = 0
    }
  }
  return text
}

function placeOfHash(text: string): [number, number] {
  const ranges = [[-180, 180], [-90, 90]]
  let turn = 0
  for (const sign of Buffer.from(text).toString('latin1').slice(0, PRECISION_MAX)) {
    const code = SIGNS.indexOf(sign) // -1, what is no sign, has all bits set
    for (let bit = 4; bit >= 0; bit--, turn++) {
      const range = ranges[turn % 2]
      range[(code >> bit) & 1 ? 0 : 1] = (range[0] + range[1]) / 2
    }
  }
  return text === '' ? [0, 0] : [(ranges[0][0] + ranges[0][1]) / 2, (ranges[1][0] + ranges[1][1]) / 2]
}

const isFloat = (type: DataType): boolean => type === FLOAT32 || type === FLOAT64
const PRECISION_MAX = 12
const PLACE = internType('Tuple(longitude Float64, latitude Float64)', 'Tuple',
  { args: [FLOAT64, FLOAT64], names: ['longitude', 'latitude'] })

const geohashEncode = define('geohashEncode', [2, 3], (args) => {
  expectTypes('geohashEncode', args, isFloat, isFloat, isInteger)
  return STRING
}, (args, type, rowCount, context) => {
  const [longitude, latitude, digits] = args.map(numberReader)
  return stringsBy(type, rowCount, context, (row) => {
    const wanted = digits === undefined ? PRECISION_MAX : digits(row)
    return geohash(longitude(row), latitude(row), wanted < 1 || wanted > PRECISION_MAX ? PRECISION_MAX : wanted)
  })
})

const BOXES_MAX = 10_000_000

/** Hashes of all cells that a box touches: along each meridian, from the west. */
const geohashesInBox = byValues('geohashesInBox', [4, 5], (args) => {
  expectTypes('geohashesInBox', args, isFloat, isFloat, isFloat, isFloat, isInteger)
  return arrayOf(STRING)
}, ([west, south, east, north, digits]) => {
  const wanted = digits === undefined ? PRECISION_MAX : Number(digits)
  const precision = wanted < 1 || wanted > PRECISION_MAX ? PRECISION_MAX : wanted
  const cell = [360 / 2 ** Math.ceil(precision * 5 / 2), 180 / 2 ** Math.floor(precision * 5 / 2)]
  const clamped = (value: Value, most: number): number => Math.max(-most, Math.min(most, Number(value)))
  const [x0, x1] = [clamped(west, 180), clamped(east, 180)].map((x) => Math.floor((x + 180) / cell[0]))
  const [y0, y1] = [clamped(south, 90), clamped(north, 90)].map((y) => Math.floor((y + 90) / cell[1]))
  if ((x1 - x0 + 1) * (y1 - y0 + 1) > BOXES_MAX) {
    throw new FunctionError(`geohashesInBox would give more than ${BOXES_MAX} hashes`, 'TOO_LARGE_ARRAY_SIZE')
  }
  const found: string[] = []
  if (Number(west) > Number(east) || Number(south) > Number(north)) return found
  for (let x = x0; x <= x1; x++) {
    for (let y = y0; y <= y1; y++) {
      found.push(geohash((x + 0.5) * cell[0] - 180, (y + 0.5) * cell[1] - 90, precision))
    }
  }
  return found
})

/** A point, then four numbers for each ellipse: its middle and its half axes. */
const pointInEllipses = define('pointInEllipses', [6, 10_000], (args) => {
  expectTypes('pointInEllipses', args, isFloat)
  if (args.length % 4 !== 2) throw new FunctionError('pointInEllipses takes a point and four numbers for each ellipse', 'BAD_ARGUMENTS')
  return UINT8
}, (args, type, rowCount, context) => {
  const [x, y, ...ellipses] = args.map(numberReader)
  return numbersBy(type, rowCount, context, (row) => {
    for (let i = 0; i < ellipses.length; i += 4) {
      const [atX, atY, a, b] = ellipses.slice(i, i + 4).map((read) => read(row))
      if (((x(row) - atX) / a) ** 2 + ((y(row) - atY) / b) ** 2 <= 1) return 1
    }
    return 0
  })
})

type Point = readonly [number, number]

/** The border belongs to a polygon. */
function isOnBorder([x, y]: Point, ring: readonly Point[]): boolean {
  return ring.some(([x1, y1], i) => {
    const [x2, y2] = ring[(i + 1) % ring.length]
    return (x2 - x1) * (y - y1) === (y2 - y1) * (x - x1)
      && x >= Math.min(x1, x2) && x <= Math.max(x1, x2) && y >= Math.min(y1, y2) && y <= Math.max(y1, y2)
  })
}

/** Whether a ray from the point crosses the ring an odd number of times. */
function isInside([x, y]: Point, ring: readonly Point[]): boolean {
  let inside = false
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [[x1, y1], [x2, y2]] = [ring[i], ring[j]]
    if ((y1 > y) !== (y2 > y) && x < (x2 - x1) * (y - y1) / (y2 - y1) + x1) inside = !inside
  }
  return inside
}

const isPoint = (type: DataType): boolean => type.id === 'Tuple' && type.args.length === 2 && type.args.every(isNumber)

export const GEO: readonly FunctionDef[] = [
  distance('greatCircleAngle'), distance('greatCircleDistance'), distance('geoDistance'), geohashEncode, geohashesInBox, pointInEllipses,
  byValues('geohashDecode', [1, 1], ([hash]) => {
    if (!isString(hash.type)) throw badArgument('geohashDecode', 0, hash.type)
    return PLACE
  }, ([hash]) => placeOfHash(String(hash))),
  byValues('pointInPolygon', [2, 1000], (args) => {
    args.forEach(({ type }, i) => {
      if (i > 0 ? type.id !== 'Array' || !isPoint(type.args[0]) : !isPoint(type)) throw badArgument('pointInPolygon', i, type)
    })
    return UINT8
  }, ([point, ...rings]) => {
    // The types of the arguments were checked above: points are pairs of numbers, rings lists of them.
    const [outer, ...holes] = rings.map((ring) => ring as readonly Point[])
    if (outer.length === 0) throw new FunctionError('Polygon of pointInPolygon is empty', 'BAD_ARGUMENTS')
    const at = point as Point
    return Number((isInside(at, outer) || isOnBorder(at, outer)) && !holes.some((hole) => isInside(at, hole)))
  }),
]
