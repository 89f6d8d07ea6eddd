// Functions of two polygons, in the plane and on the sphere: polygonsIntersection…, polygonsWithin … and their kin.
// Invariant: on the sphere edges are great circles. Seen from the sphere's middle, on a plane that touches it amid all
// points, they are straight lines: sets and relations are those of the plane.

import { FLOAT64, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Value } from '../values/value.ts'
import { byValues } from '../base/by-values.ts'
import { define } from '../base/define.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'
import { RADIAN } from './geo.ts'
import { shapeOf, type Point, type Ring, type Shape } from './geometry.ts'
import {
  convexHull, distanceOf, doMeet, intersection, isEqualArea, isPartOf, symmetricDifference, union,
  type Area, type Figure,
} from './polygon-sets.ts'
import { valueAt, vectorOf } from '../values/values.ts'

const MULTI_POLYGON = parseDataType('MultiPolygon')
const POLYGON = parseDataType('Polygon')

function shapeFor(name: string, type: DataType): Shape {
  const shape = shapeOf(type)
  if (shape === null) throw new FunctionError(`Function ${name} knows no shape of type ${type.name}`, 'BAD_ARGUMENTS')
  return shape
}

const NO_AREA: readonly Shape[] = ['Point', 'LineString', 'MultiLineString']

function areaShape(name: string, type: DataType): Shape {
  const shape = shapeFor(name, type)
  if (NO_AREA.includes(shape)) throw new FunctionError(`Function ${name} takes no ${shape}`)
  return shape
}

function areaOf(shape: Shape, value: Value): Area {
  const rings = value
  return shape === 'Ring' ? [[rings as Ring]] : shape === 'Polygon' ? [rings as Ring[]] : rings as Area
}

function figureOf(shape: Shape, value: Value): Figure {
  const points = value
  switch (shape) {
    case 'Point': return { area: [], lines: [[points as Point]] }
    case 'LineString': return { area: [], lines: [points as Ring] }
    case 'MultiLineString': return { area: [], lines: points as Ring[] }
    default: return { area: areaOf(shape, value), lines: [] }
  }
}

const pointsOf = ({ area, lines }: Figure): Point[] => [...area.flat(2), ...lines.flat()]
const mapped = ({ area, lines }: Figure, each: (point: Point) => Point): Figure => ({
  area: area.map((polygon) => polygon.map((ring) => ring.map(each))), lines: lines.map((line) => line.map(each)),
})

// ---------------------------------------------------------------------- the sphere

type Vector3 = readonly [number, number, number]

function onSphere([longitude, latitude]: Point): Vector3 {
  const [lon, lat] = [longitude * RADIAN, latitude * RADIAN]
  return [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)]
}

const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
const cross = (a: Vector3, b: Vector3): Vector3 => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
const scaled = (a: Vector3, by: number): Vector3 => [a[0] * by, a[1] * by, a[2] * by]
const unit = (a: Vector3): Vector3 => scaled(a, 1 / (Math.hypot(...a) || 1))

/** A plane on which great circles are straight, and the way back; points come back as they were. */
class Projection {
  private readonly middle: Vector3
  private readonly east: Vector3
  private readonly north: Vector3
  private readonly known = new Map<string, Point>()
  private readonly name: string

  constructor(name: string, points: readonly Point[]) {
    this.name = name
    this.middle = unit(points.map(onSphere).reduce<Vector3>((sum, v) => [sum[0] + v[0], sum[1] + v[1], sum[2] + v[2]], [0, 0, 0]))
    this.east = unit(cross(Math.abs(this.middle[2]) > 0.999 ? [1, 0, 0] : [0, 0, 1], this.middle))
    this.north = cross(this.middle, this.east)
  }

  readonly forward = (point: Point): Point => {
    const v = onSphere(point)
    const height = dot(v, this.middle)
    if (height <= 0) throw new FunctionError(`Function ${this.name} takes polygons of half a sphere at most`, 'NOT_IMPLEMENTED')
    const seen: Point = [dot(v, this.east) / height, dot(v, this.north) / height]
    if (!this.known.has(String(seen))) this.known.set(String(seen), point)
    return seen
  }

  readonly back = (seen: Point): Point => {
    const known = this.known.get(String(seen))
    if (known !== undefined) return known
    const [e, n] = [scaled(this.east, seen[0]), scaled(this.north, seen[1])]
    const [x, y, z] = [0, 1, 2].map((i) => this.middle[i] + e[i] + n[i])
    return [Math.atan2(y, x) / RADIAN, Math.atan2(z, Math.hypot(x, y)) / RADIAN]
  }
}

const angle = (a: Vector3, b: Vector3): number => 2 * Math.asin(Math.min(1, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) / 2))

/** Radians between a point and an arc. */
function toArc(point: Point, { from, to }: { readonly from: Point; readonly to: Point }): number {
  const [p, a, b] = [point, from, to].map(onSphere)
  const pole = cross(a, b)
  const isBeside = dot(cross(pole, a), p) > 0 && dot(cross(b, pole), p) > 0
  return isBeside ? Math.abs(Math.asin(Math.max(-1, Math.min(1, dot(unit(pole), p))))) : Math.min(angle(p, a), angle(p, b))
}

// ---------------------------------------------------------------------- as functions

/** Both in one plane, and the way back. */
function inPlane(name: string, isRound: boolean, a: Figure, b: Figure): readonly [Figure, Figure, (point: Point) => Point] {
  if (!isRound) return [a, b, (point) => point]
  const projection = new Projection(name, [...pointsOf(a), ...pointsOf(b)])
  return [mapped(a, projection.forward), mapped(b, projection.forward), projection.back]
}

type Pair = readonly [Figure, Figure]

/** What two shapes come to: in one plane, as they are on the globe, and the way there. */
type Both = {
  readonly flat: Pair; readonly own: Pair; readonly back: (point: Point) => Point; readonly checkAlive: () => void
}

/** A function of two shapes, row by row. */
const ofTwo = (name: string, type: DataType, shapeIn: (name: string, type: DataType) => Shape,
  each: (both: Both) => Value): FunctionDef => {
  const isRound = name.endsWith('Spherical')
  return define(name, [2, 2], (args) => {
    args.forEach((arg) => shapeIn(name, arg.type))
    return type
  }, ([left, right], result, rowCount, context) => {
    const [a, b] = [shapeIn(name, left.type), shapeIn(name, right.type)]
    const checkAlive = (): void => { context.checkAlive() }
    return vectorOf(Array.from({ length: rowCount }, (_, row) => {
      checkAlive()
      const own: Pair = [figureOf(a, valueAt(left, row)), figureOf(b, valueAt(right, row))]
      const [first, second, back] = inPlane(name, isRound, ...own)
      return each({ flat: [first, second], own, back, checkAlive })
    }), result, context.account)
  })
}

type SetOperation = (a: Area, b: Area, checkAlive: () => void) => Point[][][]

const setOf = (name: string, operation: SetOperation): FunctionDef => ofTwo(name, MULTI_POLYGON, areaShape, ({ flat: [a, b], back, checkAlive }) =>
  operation(a.area, b.area, checkAlive).map((polygon) => polygon.map((ring) => ring.map(back))))

const relation = (
  name: string, holds: (a: Figure, b: Figure, checkAlive: () => void) => boolean, shapeIn = areaShape): FunctionDef =>
  ofTwo(name, UINT8, shapeIn, ({ flat: [a, b], checkAlive }) => (holds(a, b, checkAlive) ? 1 : 0))

const distance = (name: string): FunctionDef => ofTwo(name, FLOAT64, areaShape, ({ flat: [a, b], own: [ownA, ownB], checkAlive }) => {
  if (pointsOf(a).length === 0 || pointsOf(b).length === 0) throw new FunctionError(`Function ${name} takes no empty polygon`, 'STD_EXCEPTION')
  if (doMeet(a, b, checkAlive)) return 0
  return name.endsWith('Spherical') ? distanceOf(ownA.area, ownB.area, checkAlive, toArc) : distanceOf(a.area, b.area, checkAlive)
})

/** A list of points may be a line or a ring: which one, its type must say. */
function clearShape(name: string, type: DataType): Shape {
  const shape = shapeFor(name, type)
  if (type.id === 'Array' && type.name !== shape) throw new FunctionError(`Function ${name}: is ${type.name} a ${shape} or lines? Cast it, as in x::${shape}`)
  return shape
}

const hull = byValues('polygonConvexHullCartesian', [1, 1], ([{ type }]) => {
  const shape = shapeFor('polygonConvexHullCartesian', type)
  if (NO_AREA.includes(shape)) throw new FunctionError(`Function polygonConvexHullCartesian takes no ${shape}`, 'BAD_ARGUMENTS')
  return POLYGON
}, ([value]) => {
  const points: Point[] = []
  const gather = (item: unknown): void => {
    if (typeof (item as Point)[0] === 'number') points.push(item as Point)
    else for (const inner of item as readonly unknown[]) gather(inner)
  }
  gather(value)
  return [convexHull(points)]
})

const KINDS = ['Cartesian', 'Spherical']
const within = (a: Figure, b: Figure, checkAlive: () => void): boolean => isPartOf(a.area, b.area, checkAlive)

export const POLYGONS: readonly FunctionDef[] = [
  ...KINDS.flatMap((kind) => [
    setOf(`polygonsIntersection${kind}`, intersection), setOf(`polygonsUnion${kind}`, union),
    setOf(`polygonsSymDifference${kind}`, symmetricDifference), relation(`polygonsWithin${kind}`, within),
    relation(`polygonsIntersect${kind}`, doMeet), relation(`geometryIntersect${kind}`, doMeet, clearShape), distance(`polygonsDistance${kind}`),
  ]),
  relation('polygonsEqualsCartesian', (a, b, checkAlive) => isEqualArea(a.area, b.area, checkAlive)), hull,
]
