// Shapes as bytes and as pictures: Well-Known Binary (OGC 06-103r4, 8.2) and SVG.
// Invariant: what is written is of little-endian machines; both orders are read.

import { STRING, type DataType } from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Value } from '../values/value.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { define } from '../base/define.ts'
import { bytesReader, stringsBy } from '../base/define-text.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'
import { ANY_SHAPE, closed, flatArea, geometryOf, shapeOf, shownNumber, WRITTEN, type Point, type Ring, type Shape } from './geometry.ts'
import { textReader } from '../base/strings.ts'
import { isString } from '../values/types.ts'
import { valueAt, vectorOf } from '../values/values.ts'

// ---------------------------------------------------------------------- Well-Known Binary

const CODES: Readonly<Partial<Record<Shape, number>>> = {
  Point: 1, LineString: 2, Polygon: 3, MultiLineString: 5, MultiPolygon: 6,
}
const LITTLE_ENDIAN = 1

function writeShape(out: ByteBuilder, shape: Shape, value: Value): void {
  out.byte(LITTLE_ENDIAN)
  out.u32(CODES[shape] as number)
  const point = ([x, y]: Point): void => {
    out.f64(x)
    out.f64(y)
  }
  const list = <T>(items: readonly T[], each: (item: T) => void): void => {
    out.u32(items.length)
    items.forEach(each)
  }
  switch (shape) {
    case 'Point': return point(value as Point)
    case 'LineString': return list(value as Ring, point)
    case 'Polygon': return list(value as Ring[], (ring) => list(ring, point))
    default: {
      const part: Shape = shape === 'MultiPolygon' ? 'Polygon' : 'LineString'
      list(value as readonly Value[], (item) => writeShape(out, part, item))
    }
  }
}

const wkb = (name: string): FunctionDef => define(name, [1, 1], ([{ type }]) => {
  if (CODES[type.name as Shape] === undefined) throw new FunctionError(`${name} takes shapes of a named type, not ${type.name}`, 'BAD_ARGUMENTS')
  return STRING
}, ([shapes], type, rowCount, context) => {
  const shape = shapes.type.name as Shape
  const out = new ByteBuilder(rowCount, context.account)
  for (let row = 0; row < rowCount; row++) {
    writeShape(out, shape, valueAt(shapes, row))
    out.endRow()
  }
  return out.finish(type)
})

class Reader {
  private readonly view: DataView
  private at = 0
  private isLittle = true

  constructor(bytes: Uint8Array) { this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length) }

  private step(size: number): number {
    const from = this.at
    this.at += size
    if (this.at > this.view.byteLength) {
      throw new FunctionError(`Cannot read all data of a shape: it ends after ${this.view.byteLength} bytes`, 'CANNOT_READ_ALL_DATA')
    }
    return from
  }

  private u32(): number { return this.view.getUint32(this.step(4), this.isLittle) }
  private f64(): number { return this.view.getFloat64(this.step(8), this.isLittle) }
  private point(): Point { return [this.f64(), this.f64()] }

  private list<T>(each: () => T): T[] {
    const items: T[] = []
    for (let left = this.u32(); left > 0; left--) items.push(each())
    return items
  }

  /** A shape of any kind, as a Geometry. */
  geometry(): Value {
    this.order()
    const code = this.u32()
    const shape = WRITTEN.find((one) => CODES[one] === code)
    if (shape === undefined) throw new FunctionError(`There is no shape of type ${code}`, 'BAD_ARGUMENTS')
    return geometryOf(shape, this.body(shape))
  }

  /** A shape of this kind and no other. */
  shape(wanted: Shape): Value {
    this.order()
    const code = this.u32()
    if (code !== CODES[wanted]) throw new FunctionError(`Expected a ${wanted}, found a shape of type ${code}`, 'BAD_ARGUMENTS')
    return this.body(wanted)
  }

  private order(): void {
    const order = this.view.byteLength > this.at ? this.view.getUint8(this.step(1)) : -1
    if (order !== 0 && order !== LITTLE_ENDIAN) throw new FunctionError('A shape begins with the order of its bytes, 0 or 1', 'BAD_ARGUMENTS')
    this.isLittle = order === LITTLE_ENDIAN
  }

  private body(shape: Shape): Value {
    switch (shape) {
      case 'Point': return this.point()
      case 'LineString': return this.list(() => this.point())
      case 'Polygon': return this.list(() => this.list(() => this.point()))
      default: return this.list(() => this.shape(shape === 'MultiPolygon' ? 'Polygon' : 'LineString'))
    }
  }
}

const readShape = (shape: Shape, alias: string): FunctionDef => {
  const name = `readWKB${shape}`
  return define(name, [1, 1], ([{ type }]): DataType => {
    if (!isString(type)) throw new FunctionError(`Function ${name} takes a String, not ${type.name}`)
    return parseDataType(shape)
  }, ([bytes], type, rowCount, context) => {
    const read = bytesReader(bytes, context)
    return vectorOf(Array.from({ length: rowCount }, (_, row) => new Reader(read(row)).shape(shape)), type, context.account)
  }, { aliases: [alias] })
}

const readAnyShape = define('readWKB', [1, 1], ([{ type }]): DataType => {
  if (!isString(type)) throw new FunctionError(`Function readWKB takes a String, not ${type.name}`)
  return ANY_SHAPE
}, ([bytes], type, rowCount, context) => {
  const read = bytesReader(bytes, context)
  return vectorOf(Array.from({ length: rowCount }, (_, row) => new Reader(read(row)).geometry()), type, context.account)
}, { aliases: ['readWkb'] })

// ---------------------------------------------------------------------- pictures

const shownPoint = ([x, y]: Point): string => `${shownNumber(x)},${shownNumber(y)}`

/** A ring closed and turned as others are. */
function corrected(ring: Ring, isHole: boolean): Ring {
  const whole = closed(ring)
  const area = flatArea(whole)
  return (isHole ? area > 0 : area < 0) ? [...whole].reverse() : whole
}

function pathOf(polygon: readonly Ring[], style: string): string {
  const rings = polygon.map((ring, i) => corrected(ring, i > 0))
  const drawn = rings.map((ring) => (ring.length === 0 ? '' : `M ${ring.map(shownPoint).join(' L ')}`))
  return `<g fill-rule="evenodd"><path d="${drawn.join('')} z " style="${style}"/></g>`
}

const lineOf = (line: Ring, style: string): string => `<polyline points="${line.map(shownPoint).join(' ')}" style="${style};fill:none"/>`

function pictureOf(shape: Shape, value: Value, style: string): string {
  const points = value
  switch (shape) {
    case 'Point': return `<circle cx="${shownNumber((points as Point)[0])}" cy="${shownNumber((points as Point)[1])}" r="5" style="${style}"/>`
    case 'LineString': return lineOf(points as Ring, style)
    case 'MultiLineString': return (points as Ring[]).map((line) => lineOf(line, style)).join('')
    case 'Ring': return `<polygon points="${corrected(points as Ring, false).map(shownPoint).join(' ')}" style="${style}"/>`
    case 'Polygon': return pathOf(points as Ring[], style)
    case 'MultiPolygon': return (points as Ring[][]).map((polygon) => pathOf(polygon, style)).join('')
  }
}

const svg = (name: string): FunctionDef => define(name, [1, 2], ([{ type }, style]) => {
  if (shapeOf(type) === null) throw new FunctionError(`Function ${name} knows no shape of type ${type.name}`, 'BAD_ARGUMENTS')
  if (style !== undefined && !isString(style.type)) throw new FunctionError(`The style of function ${name} is a String, not ${style.type.name}`)
  return STRING
}, ([shapes, style], type, rowCount, context) => {
  const shape = shapeOf(shapes.type) as Shape // the type rule has asked
  const styleAt = style === undefined ? () => '' : textReader(style, context)
  return stringsBy(type, rowCount, context, (row) => pictureOf(shape, valueAt(shapes, row), styleAt(row)))
})

export const GEOMETRY_BYTES: readonly FunctionDef[] = [
  // Two names each, and no other case of either.
  wkb('wkb'), wkb('WKB'), svg('svg'), svg('SVG'),
  readAnyShape, readShape('Point', 'ST_PointFromWKB'), readShape('LineString', 'ST_LineFromWKB'), readShape('Polygon', 'ST_PolyFromWKB'),
  readShape('MultiLineString', 'ST_MLineFromWKB'), readShape('MultiPolygon', 'ST_MPolyFromWKB'),
]
