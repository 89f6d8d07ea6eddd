// Cells of H3, Uber's grid of hexagons over the Earth: cells of points and back, neighbours, parents, edges.
// The grid itself is the package h3-js, the reference library compiled to JavaScript; it is loaded by the first
// call (20 ms, 4 MB a thread), so that who asks nothing of it pays nothing.
// Invariant: an index is a UInt64; what is none of a cell is refused, as in ClickHouse.

import { createRequire } from 'node:module'
import type * as H3 from 'h3-js'
import {
  arrayOf, BOOL, FLOAT64, INT64, STRING, UINT16, UINT64, UINT8, type DataType,
} from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { badArgument, bigReader, define, numberReader } from '../base/define.ts'
import { textReader } from '../base/strings.ts'
import { FunctionError, type EvalContext, type FunctionDef } from '../values/function.ts'
import { EARTH_RADIUS, RADIAN } from './geo.ts'
import { pointDepth } from './geometry.ts'
import { isInteger, namedTupleOf, numberInfo, tupleOf } from '../values/types.ts'
import { valueAt, vectorOf } from '../values/values.ts'

let loaded: typeof H3 | null = null

const grid = (): typeof H3 => loaded ??= createRequire(import.meta.url)('h3-js') as typeof H3

const RESOLUTION_MAX = 15
/** Cells of one result at most. */
const CELLS_MAX = 1_000_000
/** Steps around a cell at most: beyond a pentagon the library takes seconds for more. */
const RING_MAX = 100

type Index = [low: number, high: number]

const indexOf = (value: bigint): Index => [Number(value & 0xffffffffn), Number(value >> 32n)]
const INDEX_MAX = 2n ** 64n - 1n
const valueOf = (hex: string): bigint => BigInt(`0x${hex}`)

/** What a function takes: a cell, an edge of one, any index, a resolution, a count of steps, degrees, text. */
type Kind = 'cell' | 'edge' | 'index' | 'resolution' | 'steps' | 'narrowSteps' | 'degrees' | 'text' | 'shape' | 'flags'

function checkKind(name: string, i: number, type: DataType, kind: Kind): void {
  const isGood = kind === 'degrees' ? type === FLOAT64 : kind === 'resolution' ? type === UINT8 || type === BOOL : kind === 'narrowSteps' ? type === UINT16
    : kind === 'text' ? type === STRING || type.id === 'FixedString' : kind === 'shape' ? pointDepth(type) > 0 : kind === 'flags' ? isInteger(type)
    : kind === 'steps' ? isInteger(type) && numberInfo(type)?.isSigned === false && (numberInfo(type)?.bytes ?? 0) <= 8 : type === UINT64
  if (!isGood) throw badArgument(name, i, type)
}

/** Reads an argument as h3-js takes it. */
function readerOf(name: string, vector: Vector, kind: Kind, context: EvalContext): (row: number) => unknown {
  switch (kind) {
    case 'cell': case 'edge': case 'index': {
      const read = bigReader(vector)
      return (row) => {
        const value = read(row)
        const index = indexOf(value)
        const isGood = kind === 'index' || (kind === 'cell' ? grid().isValidCell(index) : grid().isValidDirectedEdge(index))
        if (!isGood) throw new FunctionError(`${name}: ${value} is no index of ${kind === 'cell' ? 'a cell' : 'an edge'} of H3`, 'INCORRECT_DATA')
        return index
      }
    }
    case 'resolution': {
      const read = numberReader(vector)
      return (row) => {
        const value = read(row)
        if (value <= RESOLUTION_MAX) return value
        throw new FunctionError(`${name}: H3 has resolutions up to ${RESOLUTION_MAX}, not ${value}`, 'ARGUMENT_OUT_OF_BOUND')
      }
    }
    case 'text': return textReader(vector, context)
    case 'shape': return (row) => valueAt(vector, row)
    default: return numberReader(vector)
  }
}

/** A function row by row. */
function h3(name: string, kinds: readonly Kind[], type: DataType, each: (...args: never[]) => Value, optional = 0): FunctionDef {
  return define(name, [kinds.length - optional, kinds.length], (args) => {
    args.forEach((arg, i) => { checkKind(name, i, arg.type, kinds[i]) })
    return type
  }, (args, result, rowCount, context) => {
    const readers = args.map((arg, i) => readerOf(name, arg, kinds[i], context))
    const values = Array.from({ length: rowCount }, (_, row) => {
      context.checkAlive()
      try {
        return each(...readers.map((read) => read(row)) as never[]) // one reader for each of its arguments, as declared together
      } catch (error) {
        if (error instanceof FunctionError || !(error instanceof Error) || !('code' in error)) throw error
        throw new FunctionError(`${name}: ${error.message}`, 'INCORRECT_DATA')
      }
    })
    return vectorOf(values, result, context.account)
  })
}

const POINTS = arrayOf(tupleOf([FLOAT64, FLOAT64]))
const INDEXES = arrayOf(UINT64)
const PLACE = namedTupleOf(['latitude', 'longitude'], [FLOAT64, FLOAT64])
const ENDS = namedTupleOf(['origin', 'destination'], [UINT64, UINT64])

const cells = (found: readonly string[]): Value[] => found.map(valueOf)
const flag = (is: boolean): number => Number(is)

/** Mean radius as the library has it: what degrees of an arc are by. */
const DEGREES_PER_METER = 8.99320592271288e-6

function disk(name: string, count: number): void {
  if (count > RING_MAX) throw new FunctionError(`${name}: ${count} steps are too many, the most is ${RING_MAX}`, 'PARAMETER_OUT_OF_BOUND')
}

/** All cells of a finer resolution, none of a coarser one. */
function childrenOf(cell: Index, resolution: number): Value {
  const lib = grid()
  if (resolution < lib.getResolution(cell)) return []
  const size = lib.cellToChildrenSize(cell, resolution)
  if (size > CELLS_MAX) {
    throw new FunctionError(`h3ToChildren would give ${size} cells, more than ${CELLS_MAX}`, 'TOO_LARGE_ARRAY_SIZE')
  }
  return cells(lib.cellToChildren(cell, resolution))
}

/** The number that the hexadecimal digits at the start of a text are, of a cell or not: as C's strtoull reads
 * them, the largest where they are too many. Throws where it is none, or 0. */
function parsed(text: string): Value {
  const [, sign, digits = '0'] = /^\s*([+-]?)(?:0x)?([0-9a-f]+)/i.exec(text) ?? []
  const value = valueOf(digits)
  if (value === 0n) throw new FunctionError(`stringToH3: '${text.slice(0, 40)}' is no index of H3`)
  return value > INDEX_MAX ? INDEX_MAX : sign === '-' ? BigInt.asUintN(64, -value) : value
}

/** Hexadecimal digits of a cell. */
function written(cell: Index): string {
  if (grid().isValidCell(cell)) return grid().splitLongToH3Index(cell[0], cell[1])
  throw new FunctionError(`h3ToString: ${(BigInt(cell[1]) << 32n) | BigInt(cell[0])} is no index of a cell of H3`)
}

/** Steps between cells; -1 where the library knows none. */
function distance(a: Index, b: Index): number {
  try {
    return grid().gridDistance(a, b)
  } catch {
    return -1
  }
}

/** Cells of which some edge has the index; 0 where they are no neighbours. */
function edgeBetween(from: Index, to: Index): Value {
  const lib = grid()
  return lib.areNeighborCells(from, to) ? valueOf(lib.cellsToDirectedEdge(from, to)) : 0
}

/** Six, of which a pentagon's first is none. */
function edgesOf(cell: Index): Value {
  const found = cells(grid().originToDirectedEdges(cell))
  return found.length === 5 ? [0, ...found] : found
}

/** Which cells are a polygon's: with their centers in it, whole in it, touching it, or the box around it. */
const CONTAINMENT = ['containmentCenter', 'containmentFull', 'containmentOverlapping', 'containmentOverlappingBbox'] as const

function containing(shape: Value, resolution: number, flags: number): Value {
  const containment = CONTAINMENT[flags]
  if (containment !== undefined) return within(shape, resolution, containment)
  throw new FunctionError(`h3PolygonToCellsWithContainment: flags are 0 to ${CONTAINMENT.length - 1}, not ${flags}`, 'ARGUMENT_OUT_OF_BOUND')
}

/** The cells whose centers lie within a ring, a polygon with holes or several, or as `containment` says: points are
 * longitude and latitude. */
function within(shape: Value, resolution: number, containment?: typeof CONTAINMENT[number]): Value {
  const rings = (list: Value): Value => (depthIn(list) === 1 ? [list] : list)
  const polygons = (depthIn(shape) === 3 ? shape : [rings(shape)]) as [number, number][][][]
  return polygons.flatMap((polygon) => {
    const [outer = []] = polygon
    if (outer.length === 0) return []
    const [longitudes, latitudes] = [0, 1].map((axis) => outer.map((point) => point[axis]))
    const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values)
    // The box around it, in square radians.
    const most = spread(longitudes) * RADIAN * spread(latitudes.map((latitude) => Math.sin(latitude * RADIAN)))
    if (!(most / grid().getHexagonAreaAvg(resolution, 'm2') * EARTH_RADIUS ** 2 <= CELLS_MAX)) {
      throw new FunctionError(`H3's cells of a polygon: this would look at more than ${CELLS_MAX} cells`, 'TOO_LARGE_ARRAY_SIZE')
    }
    return cells(containment === undefined ? grid().polygonToCells(polygon, resolution, true)
      : grid().polygonToCellsExperimental(polygon, resolution, containment, true))
  })
}

/** Lists around a list's points; an empty list has one. */
function depthIn(list: Value): number {
  const [first] = list as readonly Value[]
  return !Array.isArray(first) || typeof first[0] === 'number' ? 1 : 1 + depthIn(first as Value)
}

const area = (name: string, unit: string): FunctionDef => h3(name, ['cell'], FLOAT64, (cell: Index) => grid().cellArea(cell, unit))
const meanArea = (name: string, unit: string): FunctionDef =>
  h3(name, ['resolution'], FLOAT64, (resolution: number) => grid().getHexagonAreaAvg(resolution, unit))
const meanEdge = (name: string, unit: string, factor = 1): FunctionDef =>
  h3(name, ['resolution'], FLOAT64, (resolution: number) => grid().getHexagonEdgeLengthAvg(resolution, unit) * factor)
const edgeLength = (name: string, unit: string): FunctionDef => h3(name, ['edge'], FLOAT64, (edge: Index) => grid().edgeLength(edge, unit))
const pointDistance = (name: string, unit: string): FunctionDef => h3(name, ['degrees', 'degrees', 'degrees', 'degrees'], FLOAT64,
  (lat1: number, lon1: number, lat2: number, lon2: number) => grid().greatCircleDistance([lat1, lon1], [lat2, lon2], unit))

export const H3_CELLS: readonly FunctionDef[] = [
  h3('h3IsValid', ['index'], UINT8, (index: Index) => flag(grid().isValidCell(index))),
  h3('h3GetResolution', ['cell'], UINT8, (cell: Index) => grid().getResolution(cell)),
  h3('h3GetBaseCell', ['cell'], UINT8, (cell: Index) => grid().getBaseCellNumber(cell)),
  h3('h3IsResClassIII', ['cell'], UINT8, (cell: Index) => flag(grid().isResClassIII(cell))),
  h3('h3IsPentagon', ['cell'], UINT8, (cell: Index) => flag(grid().isPentagon(cell))),
  h3('h3GetFaces', ['cell'], arrayOf(UINT8), (cell: Index) => grid().getIcosahedronFaces(cell)),
  h3('h3ToString', ['index'], STRING, written),
  h3('stringToH3', ['text'], UINT64, parsed),
  h3('geoToH3', ['degrees', 'degrees', 'resolution'], UINT64,
    (lat: number, lon: number, resolution: number) => valueOf(grid().latLngToCell(lat, lon, resolution))),
  h3('h3ToGeo', ['cell'], PLACE, (cell: Index) => grid().cellToLatLng(cell)),
  h3('h3ToGeoBoundary', ['cell'], POINTS, (cell: Index) => grid().cellToBoundary(cell)),
  h3('h3ToParent', ['cell', 'resolution'], UINT64, (cell: Index, resolution: number) =>
    (resolution > grid().getResolution(cell) ? 0 : valueOf(grid().cellToParent(cell, resolution)))),
  h3('h3ToCenterChild', ['cell', 'resolution'], UINT64, (cell: Index, resolution: number) =>
    (resolution < grid().getResolution(cell) ? 0 : valueOf(grid().cellToCenterChild(cell, resolution)))),
  h3('h3ToChildren', ['cell', 'resolution'], INDEXES, childrenOf),
  h3('h3kRing', ['cell', 'steps'], INDEXES, (cell: Index, steps: number) => {
    disk('h3kRing', steps)
    return cells(grid().gridDisk(cell, steps))
  }),
  h3('h3HexRing', ['cell', 'narrowSteps'], INDEXES, (cell: Index, steps: number) => {
    disk('h3HexRing', steps)
    return cells(grid().gridRingUnsafe(cell, steps))
  }),
  h3('h3PolygonToCells', ['shape', 'resolution'], INDEXES, (shape: Value, resolution: number) => within(shape, resolution)),
  h3('h3PolygonToCellsWithContainment', ['shape', 'resolution', 'flags'], INDEXES, containing),
  h3('h3Distance', ['cell', 'cell'], INT64, distance),
  h3('h3Line', ['cell', 'cell'], INDEXES, (from: Index, to: Index) => cells(grid().gridPathCells(from, to))),
  h3('h3IndexesAreNeighbors', ['cell', 'cell'], UINT8, (a: Index, b: Index) => flag(grid().areNeighborCells(a, b))),
  area('h3CellAreaM2', 'm2'), area('h3CellAreaRads2', 'rads2'), meanArea('h3HexAreaM2', 'm2'), meanArea('h3HexAreaKm2', 'km2'),
  meanEdge('h3EdgeLengthM', 'm'), meanEdge('h3EdgeLengthKm', 'km'), meanEdge('h3EdgeAngle', 'm', DEGREES_PER_METER),
  edgeLength('h3ExactEdgeLengthM', 'm'), edgeLength('h3ExactEdgeLengthKm', 'km'), edgeLength('h3ExactEdgeLengthRads', 'rads'),
  pointDistance('h3PointDistM', 'm'), pointDistance('h3PointDistKm', 'km'), pointDistance('h3PointDistRads', 'rads'),
  h3('h3NumHexagons', ['resolution'], INT64, (resolution: number) => grid().getNumCells(resolution)),
  h3('h3GetRes0Indexes', [], INDEXES, () => cells(grid().getRes0Cells())),
  h3('h3GetPentagonIndexes', ['resolution'], INDEXES, (resolution: number) => cells(grid().getPentagons(resolution))),
  h3('h3GetUnidirectionalEdge', ['cell', 'cell'], UINT64, edgeBetween),
  h3('h3UnidirectionalEdgeIsValid', ['index'], UINT8, (edge: Index) => flag(grid().isValidDirectedEdge(edge))),
  h3('h3GetOriginIndexFromUnidirectionalEdge', ['edge'], UINT64, (edge: Index) => valueOf(grid().getDirectedEdgeOrigin(edge))),
  h3('h3GetDestinationIndexFromUnidirectionalEdge', ['edge'], UINT64, (edge: Index) => valueOf(grid().getDirectedEdgeDestination(edge))),
  h3('h3GetIndexesFromUnidirectionalEdge', ['edge'], ENDS, (edge: Index) => cells(grid().directedEdgeToCells(edge))),
  h3('h3GetUnidirectionalEdgesFromHexagon', ['cell'], INDEXES, edgesOf),
  h3('h3GetUnidirectionalEdgeBoundary', ['edge'], POINTS, (edge: Index) => grid().directedEdgeToBoundary(edge)),
]
