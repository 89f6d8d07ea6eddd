// Shapes of points: their text in WKT, areas and perimeters in the plane and on the unit sphere.
// Invariant: a ring is taken as it is, closed or not; areas are positive clockwise. Named types (Ring, Polygon,
// LineString …) say what lists of points are, others the depth of the lists.
// Source of the formulas: Boost.Geometry's strategies area::cartesian, area::spherical and distance::haversine,
// which ClickHouse calls.

import { alternativesOf, FLOAT64, STRING, type DataType } from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Value } from '../values/value.ts'
import { byValues } from '../base/by-values.ts'
import { badArgument, define, expectTypes, numbersBy } from '../base/define.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'
import { RADIAN } from './geo.ts'
import { isString } from '../values/types.ts'
import { defaultValue, valueAt, vectorOf } from '../values/values.ts'

export type Point = readonly [x: number, y: number]
export type Ring = readonly Point[]
/** What values of each shape are. */
type Shapes = {
  readonly Point: Point; readonly Ring: Ring; readonly LineString: Ring; readonly MultiLineString: readonly Ring[]
  readonly Polygon: readonly Ring[]; readonly MultiPolygon: readonly (readonly Ring[])[]
}
export type Shape = keyof Shapes
/** A value beside the shape that it has. */
type Drawn = { [S in Shape]: { readonly shape: S; readonly value: Shapes[S] } }[Shape]

export const ANY_SHAPE = parseDataType('Geometry')

const BY_DEPTH: readonly Shape[] = ['Point', 'Ring', 'Polygon', 'MultiPolygon']
const SHAPES: readonly Shape[] = ['Point', 'Ring', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon']

/** How deep a type nests lists of points: 0 a point, 1 a ring, 2 a polygon, 3 several; -1: it holds none. */
export function pointDepth(type: DataType): number {
  let depth = 0
  let inner = type
  for (; inner.id === 'Array'; [inner] = inner.args) depth++
  const isPoint = inner.id === 'Tuple' && inner.args.length === 2 && inner.args.every((arg) => arg === FLOAT64)
  return isPoint && depth < BY_DEPTH.length ? depth : -1
}

/** What values of a type are; null: no shapes. */
export function shapeOf(type: DataType): Shape | null {
  return SHAPES.find((shape) => shape === type.name) ?? BY_DEPTH[pointDepth(type)] ?? null
}

/** A value of a column whose type was found to hold such shapes. */
const drawn = (shape: Shape, value: Value): Drawn => ({ shape, value }) as Drawn // shapeOf() has looked at its type

// ---------------------------------------------------------------------- as text

const SHOWN_DIGITS = 6

/** A number in at most six digits, as C++ streams write it. */
export function shownNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [digits, exponent] = value.toExponential(SHOWN_DIGITS - 1).split('e')
  const power = Number(exponent)
  const trimmed = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)
  if (power >= -4 && power < SHOWN_DIGITS) return trimmed(Number(`${digits}e${power}`).toFixed(SHOWN_DIGITS - 1 - power))
  return `${trimmed(digits)}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

const shownPoint = ([x, y]: Point): string => `${shownNumber(x)} ${shownNumber(y)}`
const shownRing = (ring: Ring): string => `(${ring.map(shownPoint).join(',')})`

/** Rings of a polygon end where they began. */
export function closed(ring: Ring): Ring {
  const [first, last] = [ring[0], ring.at(-1)]
  return first === undefined || last === undefined || (first[0] === last[0] && first[1] === last[1]) ? ring : [...ring, first]
}

const shownPolygon = (polygon: readonly Ring[]): string =>
  ((polygon[0] ?? []).length === 0 ? '()' : `(${polygon.map((ring) => shownRing(closed(ring))).join(',')})`)

function shown({ shape, value }: Drawn): string {
  switch (shape) {
    case 'Point': return `POINT(${shownPoint(value)})`
    case 'LineString': return `LINESTRING${shownRing(value)}`
    case 'MultiLineString': return `MULTILINESTRING(${value.map(shownRing).join(',')})`
    case 'Ring': return value.length === 0 ? 'POLYGON()' : `POLYGON(${shownRing(value)})`
    case 'Polygon': return `POLYGON${shownPolygon(value)}`
    case 'MultiPolygon': return `MULTIPOLYGON(${value.map(shownPolygon).join(',')})`
  }
}

// ---------------------------------------------------------------------- from text

class Reader {
  private readonly tokens: readonly string[]
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
    this.tokens = text.match(/[(),]|[^\s(),]+/g) ?? []
  }

  fail(what: string): FunctionError {
    return new FunctionError(`Cannot parse WKT string: ${what} at '${this.tokens[this.at] ?? 'its end'}' in '${this.text.slice(0, 60)}'`, 'CANNOT_PARSE_TEXT')
  }

  skip(token: string): boolean {
    if (this.tokens[this.at]?.toUpperCase() !== token) return false
    this.at++
    return true
  }

  expect(token: string): void {
    if (!this.skip(token)) throw this.fail(`expected '${token}'`)
  }

  end(): void {
    if (this.at < this.tokens.length) throw this.fail('too many tokens')
  }

  /** Two numbers; one that is missing is 0. */
  point(): Point {
    const numbers: number[] = []
    while (numbers.length < 2 && !['(', ')', ',', undefined].includes(this.tokens[this.at])) {
      const number = Number(this.tokens[this.at])
      if (Number.isNaN(number)) throw this.fail('expected a number')
      numbers.push(number)
      this.at++
    }
    return [numbers[0] ?? 0, numbers[1] ?? 0]
  }

  list<T>(each: () => T): T[] {
    if (this.skip('EMPTY')) return []
    this.expect('(')
    const items = [each()]
    while (this.skip(',')) items.push(each())
    this.expect(')')
    return items
  }

  ring(): Ring { return this.list(() => this.point()) }
}

const WORDS: Readonly<Record<Shape, string>> = {
  Point: 'POINT', Ring: 'POLYGON', LineString: 'LINESTRING', MultiLineString: 'MULTILINESTRING', Polygon: 'POLYGON', MultiPolygon: 'MULTIPOLYGON',
}

/** The shapes that a text begins with the word of; a Ring is written as a Polygon. */
export const WRITTEN: readonly Shape[] = ['Point', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon']

/** A value of Geometry that is of one shape. */
export function geometryOf(shape: Shape, value: Value): Value {
  const shapes = alternativesOf(ANY_SHAPE)
  const number = shapes.findIndex(({ name }) => name === shape)
  return [number, ...shapes.map((type, i) => (i === number ? value : defaultValue(type)))]
}

/** Any shape, as its word says. */
const readAnyShape = byValues('readWKT', [1, 1], (args) => {
  expectTypes('readWKT', args, isString)
  return ANY_SHAPE
}, ([text]) => {
  const reader = new Reader(String(text))
  const shape = WRITTEN.find((one) => reader.skip(WORDS[one]))
  if (shape === undefined) throw new FunctionError(`Incorrect WKT format value: ${String(text).slice(0, 100)}`, 'BAD_ARGUMENTS')
  const value = body(shape, reader)
  reader.end()
  return geometryOf(shape, value)
}, ['readWkt'])

function body(shape: Shape, reader: Reader): Value {
  switch (shape) {
    case 'Point': {
      reader.expect('(')
      const point = reader.point()
      reader.expect(')')
      return point
    }
    case 'LineString': return reader.ring()
    case 'Ring': {
      if (reader.skip('EMPTY')) return []
      reader.expect('(')
      const ring = reader.ring()
      reader.expect(')')
      return ring
    }
    case 'MultiLineString': return reader.list(() => reader.ring())
    case 'Polygon': return reader.skip('EMPTY') ? [[]] : reader.list(() => reader.ring())
    case 'MultiPolygon': return reader.list(() => reader.list(() => reader.ring()))
  }
}

const readShape = (shape: Shape): FunctionDef => {
  const name = `readWKT${shape}`
  return byValues(name, [1, 1], (args) => {
    expectTypes(name, args, isString)
    return parseDataType(shape)
  }, ([text]) => {
    const reader = new Reader(String(text))
    if (!reader.skip(WORDS[shape])) throw reader.fail(`should start with '${WORDS[shape]}'`)
    const value = body(shape, reader)
    reader.end()
    return value
  })
}

// ---------------------------------------------------------------------- measures

/** A ring with fewer points has no area. */
const CLOSED_RING_MIN = 4

type Measure = (from: Point, to: Point) => number

const along = (ring: Ring, each: Measure): number => ring.slice(1).reduce((sum, point, i) => sum + each(ring[i], point), 0)

export const flatArea = (ring: Ring): number =>
  (ring.length < CLOSED_RING_MIN ? 0 : along(ring, ([x1, y1], [x2, y2]) => (x1 + x2) * (y1 - y2)) / 2 + 0)

const FULL_TURN = 2 * Math.PI

/** Does the shorter way between two longitudes cross the prime meridian? */
function crossesMeridian([a]: Point, [b]: Point): boolean {
  const [from, to] = [a, b].map((longitude) => longitude * RADIAN - Math.floor(longitude * RADIAN / FULL_TURN) * FULL_TURN)
  const [least, most] = [Math.min(from, to), Math.max(from, to)]
  return most > Math.PI && least < Math.PI && most - least > Math.PI
}

/** Spherical excess by trapezoids down to the equator. */
function roundArea(ring: Ring): number {
  if (ring.length < CLOSED_RING_MIN) return 0
  let crossings = 0
  const sum = along(ring, (from, to) => {
    if (from[0] === to[0]) return 0
    if (crossesMeridian(from, to)) crossings++
    const [a, b] = [from, to].map(([, latitude]) => Math.tan(latitude * RADIAN / 2))
    return 2 * Math.atan((a + b) / (1 + a * b) * Math.tan((to[0] - from[0]) * RADIAN / 2))
  })
  if (crossings % 2 === 0) return sum
  // A pole lies within.
  const rest = FULL_TURN * (1 + Math.floor(crossings / 2)) - Math.abs(sum)
  return sum > 0 ? -rest : rest
}

const flatLength = (ring: Ring): number => along(ring, ([x1, y1], [x2, y2]) => Math.hypot(x2 - x1, y2 - y1))

const roundLength = (ring: Ring): number => along(ring, ([lon1, lat1], [lon2, lat2]) => {
  const [across, up] = [(lon2 - lon1) * RADIAN / 2, (lat2 - lat1) * RADIAN / 2]
  return 2 * Math.asin(Math.sqrt(Math.sin(up) ** 2 + Math.cos(lat1 * RADIAN) * Math.cos(lat2 * RADIAN) * Math.sin(across) ** 2))
})

/** The sum of what rings have; lines have none. */
function measured({ shape, value }: Drawn, each: (ring: Ring) => number): number {
  const sum = (rings: readonly Ring[]): number => rings.reduce((all, ring) => all + each(ring), 0)
  switch (shape) {
    case 'Ring': return each(value)
    case 'Polygon': return sum(value)
    case 'MultiPolygon': return value.reduce((all, polygon) => all + sum(polygon), 0)
    default: return 0
  }
}

function measurable(name: string, type: DataType): Shape {
  const shape = shapeOf(type)
  if (shape === null || (shape === 'Point' && name.startsWith('polygon'))) throw badArgument(name, 0, type)
  return shape
}

const measure = (name: string, each: (ring: Ring) => number): FunctionDef => define(name, [1, 1], ([{ type }]) => {
  measurable(name, type)
  return FLOAT64
}, ([shapes], type, rowCount, context) => {
  const shape = measurable(name, shapes.type)
  return numbersBy(type, rowCount, context, (row) => measured(drawn(shape, valueAt(shapes, row)), each))
})

const wkt = define('wkt', [1, 1], ([{ type }]) => {
  if (shapeOf(type) === null) throw new FunctionError(`wkt takes points, rings, lines and polygons, not ${type.name}`, 'BAD_ARGUMENTS')
  return STRING
}, ([shapes], type, rowCount, context) => {
  const shape = shapeOf(shapes.type) as Shape // the type rule has asked
  return vectorOf(Array.from({ length: rowCount }, (_, row) => shown(drawn(shape, valueAt(shapes, row)))), type, context.account)
})

export const GEOMETRY: readonly FunctionDef[] = [
  readAnyShape,
  // Two names, and no other case of either.
  wkt, { ...wkt, name: 'WKT' }, ...SHAPES.map(readShape),
  measure('areaCartesian', flatArea), measure('polygonAreaCartesian', flatArea),
  measure('areaSpherical', roundArea), measure('polygonAreaSpherical', roundArea),
  measure('perimeterCartesian', flatLength), measure('polygonPerimeterCartesian', flatLength),
  measure('perimeterSpherical', roundLength), measure('polygonPerimeterSpherical', roundLength),
]
