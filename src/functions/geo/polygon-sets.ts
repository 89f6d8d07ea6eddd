// Polygons in the plane as sets of points: what two have in common, together and apart, whether they meet, one lies
// within the other, how far they are from each other.
// Invariant: edges of a prepared area have its inside on their right. Both areas' edges are cut where they meet, so
// that each piece lies within the other area, outside of it, or along one of its pieces.
// Source of the method: Weiler and Atherton, "Hidden surface removal using polygon area sorting" (1977), over pieces
// instead of lists of vertices. Rings begin where Boost.Geometry begins them: at the first crossing along the first area.

import type { Point, Ring } from './geometry.ts'

/** Polygons, each an outer ring and its holes. */
export type Area = readonly (readonly Ring[])[]
/** Throws where nobody waits any more: every edge of one area is laid beside every one of the other. */
type CheckAlive = () => void

type Edge = { readonly from: Point; readonly to: Point; readonly cuts: [at: number, point: Point][] }
type Piece = { readonly from: Point; readonly to: Point }

const isSame = ([ax, ay]: Point, [bx, by]: Point): boolean => ax === bx && ay === by
/** One place but for rounding. */
const isNear = ([ax, ay]: Point, [bx, by]: Point): boolean =>
  Math.abs(ax - bx) + Math.abs(ay - by) <= 1e-13 * (Math.abs(ax) + Math.abs(ay))
const keyOf = ([x, y]: Point): string => `${x} ${y}`
const pieceKey = ({ from, to }: Piece): string => `${keyOf(from)}|${keyOf(to)}`

/** More than 0 where c lies left of the way from a to b. */
const side = (a: Point, b: Point, c: Point): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

/** Twice the area, more than 0 clockwise. */
const turning = (ring: Ring): number => ring.reduce((sum, [x, y], i) => {
  const [nextX, nextY] = ring[(i + 1) % ring.length]
  return sum + (x + nextX) * (y - nextY)
}, 0)

/** Rings without their last point and points that stand twice, outer ones clockwise, holes the other way. */
export function prepared(area: Area): Point[][] {
  return area.flatMap((polygon) => polygon.flatMap((ring, i) => {
    const points = ring.filter((point, at) => at === 0 || !isSame(point, ring[at - 1]))
    if (points.length > 1 && isSame(points[0], points[points.length - 1])) points.pop()
    if (points.length < 3) return []
    const isTurned = i === 0 ? turning(points) < 0 : turning(points) > 0
    return [isTurned ? [points[0], ...points.slice(1).reverse()] : points]
  }))
}

const edgesOf = (rings: readonly Ring[]): Edge[] => rings.flatMap((ring) =>
  ring.map((from, i) => ({ from, to: ring[(i + 1) % ring.length], cuts: [] })))

/** How far along an edge a point on it lies. */
const along = ({ from, to }: Piece, [x, y]: Point): number =>
  (Math.abs(to[0] - from[0]) > Math.abs(to[1] - from[1]) ? (x - from[0]) / (to[0] - from[0]) : (y - from[1]) / (to[1] - from[1]))

const isOn = (piece: Piece, point: Point): boolean => {
  if (side(piece.from, piece.to, point) !== 0) return false
  const at = along(piece, point)
  return at >= 0 && at <= 1
}

/** Where two edges meet; several points where they lie along each other. */
function meetings(a: Piece, b: Piece): Point[] {
  if (Math.max(a.from[0], a.to[0]) < Math.min(b.from[0], b.to[0]) || Math.max(b.from[0], b.to[0]) < Math.min(a.from[0], a.to[0])
    || Math.max(a.from[1], a.to[1]) < Math.min(b.from[1], b.to[1]) || Math.max(b.from[1], b.to[1]) < Math.min(a.from[1], a.to[1])) return []
  const ends = [...[b.from, b.to].filter((point) => isOn(a, point)), ...[a.from, a.to].filter((point) => isOn(b, point))]
  if (ends.length > 0) return ends
  const [start, end] = [side(b.from, b.to, a.from), side(b.from, b.to, a.to)]
  if (start * end >= 0 || side(a.from, a.to, b.from) * side(a.from, a.to, b.to) >= 0) return []
  const at = start / (start - end)
  return [[a.from[0] + at * (a.to[0] - a.from[0]), a.from[1] + at * (a.to[1] - a.from[1])]]
}

/** Is a point that is on no edge within? */
function isWithin([x, y]: Point, edges: readonly Piece[]): boolean {
  let inside = false
  for (const { from, to } of edges) {
    if ((from[1] > y) !== (to[1] > y) && x < from[0] + (y - from[1]) / (to[1] - from[1]) * (to[0] - from[0])) inside = !inside
  }
  return inside
}

/** The pieces of edges between their cuts. */
const piecesOf = (edges: readonly Edge[]): Piece[] => edges.flatMap(({ from, to, cuts }) => {
  const points = [from, ...cuts.sort(([a], [b]) => a - b).map(([, point]) => point), to]
  return points.slice(1).flatMap((point, i) => (isSame(point, points[i]) ? [] : [{ from: points[i], to: point }]))
})

type Place = 'in' | 'out' | 'same' | 'opposite'
type Placed = readonly (readonly [piece: Piece, place: Place])[]

/** Both areas' pieces with where each lies in the other, and the crossings in the order of the first area's edges, of
 * one of them in the order of the second's. */
type Cut = { readonly first: Placed; readonly second: Placed; readonly crossings: readonly Point[] }

function cutApart(a: readonly Ring[], b: readonly Ring[], checkAlive: CheckAlive): Cut {
  const [mine, theirs] = [edgesOf(a), edgesOf(b)]
  const crossings: Point[] = []
  for (const edge of mine) {
    checkAlive()
    for (const other of theirs) {
      for (const point of meetings(edge, other)) {
        edge.cuts.push([along(edge, point), point])
        other.cuts.push([along(other, point), point])
        if (!isSame(point, edge.from)) crossings.push(point)
      }
    }
  }
  const [first, second] = [piecesOf(mine), piecesOf(theirs)]
  return { first: placed(first, second, theirs, checkAlive), second: placed(second, first, mine, checkAlive), crossings }
}

function placed(pieces: readonly Piece[], others: readonly Piece[], edges: readonly Piece[], checkAlive: CheckAlive): Placed {
  const keys = new Set(others.map(pieceKey))
  return pieces.map((piece) => {
    checkAlive()
    const { from, to } = piece
    if (keys.has(pieceKey(piece))) return [piece, 'same']
    if (keys.has(pieceKey({ from: to, to: from }))) return [piece, 'opposite']
    return [piece, isWithin([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2], edges) ? 'in' : 'out']
  })
}

// ---------------------------------------------------------------------- pieces to rings

/** The angle from the way back to the next one, counterclockwise: the least keeps to the same corner of the area. */
function turnOf(piece: Piece, next: Piece): number {
  const back = Math.atan2(piece.from[1] - piece.to[1], piece.from[0] - piece.to[0])
  const turn = Math.atan2(next.to[1] - next.from[1], next.to[0] - next.from[0]) - back
  return turn > 1e-12 ? turn : turn + 2 * Math.PI
}

/** Closed rings out of pieces, which begin at these points first, then at any piece. */
function ringsOf(pieces: readonly Piece[], starts: readonly Point[]): Point[][] {
  const from = new Map<string, Set<Piece>>()
  for (const piece of pieces) {
    const key = keyOf(piece.from)
    from.set(key, (from.get(key) ?? new Set()).add(piece))
  }
  const take = (piece: Piece): void => { from.get(keyOf(piece.from))?.delete(piece) }
  const rings: Point[][] = []
  const trace = (start: Piece): void => {
    const ring: Point[] = [start.from]
    let piece = start
    take(piece)
    while (!isSame(piece.to, start.from)) {
      const next = [...from.get(keyOf(piece.to)) ?? []]
      if (next.length === 0) return // what rounding left open
      ring.push(piece.to)
      piece = next.reduce((best, one) => (turnOf(piece, one) < turnOf(piece, best) ? one : best))
      take(piece)
    }
    const corners = ring.filter((point, i) => i === 0 || !isNear(point, ring[i - 1]))
    if (corners.length < 3) return
    rings.push([...corners, start.from])
  }
  for (const point of starts) from.get(keyOf(point))?.forEach(trace)
  for (const piece of pieces) if (from.get(keyOf(piece.from))?.has(piece)) trace(piece)
  return rings
}

/** Outer rings with the holes that lie in them. */
function polygonsOf(rings: readonly Point[][]): Point[][][] {
  const polygons = rings.filter((ring) => turning(ring) > 0).map((ring) => [ring])
  for (const hole of rings) {
    if (turning(hole) >= 0) continue
    const middle: Point = [(hole[0][0] + hole[1][0]) / 2, (hole[0][1] + hole[1][1]) / 2]
    const around = polygons.filter(([outer]) => isWithin(middle, edgesOf([outer])))
    around.sort(([p], [q]) => turning(p) - turning(q))[0]?.push(hole)
  }
  return polygons
}

const where = (pieces: Placed, ...places: Place[]): Piece[] => pieces.flatMap(([piece, place]) => (places.includes(place) ? [piece] : []))
/** What lies in both. */
export function intersection(a: Area, b: Area, checkAlive: CheckAlive): Point[][][] {
  const { first, second, crossings } = cutApart(prepared(a), prepared(b), checkAlive)
  return polygonsOf(ringsOf([...where(first, 'in', 'same'), ...where(second, 'in')], crossings))
}

/** What lies in either. */
export function union(a: Area, b: Area, checkAlive: CheckAlive): Point[][][] {
  const { first, second, crossings } = cutApart(prepared(a), prepared(b), checkAlive)
  return polygonsOf(ringsOf([...where(first, 'out', 'same'), ...where(second, 'out')], crossings))
}

/** What lies in the first alone: the second's edges are walked the other way. */
function difference(a: readonly Point[][], b: readonly Point[][], checkAlive: CheckAlive): Point[][][] {
  const { first, second, crossings } = cutApart(a, b.map(([start, ...rest]) => [start, ...rest.reverse()]), checkAlive)
  return polygonsOf(ringsOf([...where(first, 'out', 'same'), ...where(second, 'in')], crossings))
}

/** What lies in one of both alone: the first's part, then the second's. */
export function symmetricDifference(a: Area, b: Area, checkAlive: CheckAlive): Point[][][] {
  const [mine, theirs] = [prepared(a), prepared(b)]
  return [...difference(mine, theirs, checkAlive), ...difference(theirs, mine, checkAlive)]
}

// ---------------------------------------------------------------------- relations

/** Is all of the first in the second? */
export function isPartOf(a: Area, b: Area, checkAlive: CheckAlive): boolean {
  const { first, second } = cutApart(prepared(a), prepared(b), checkAlive)
  return first.length > 0 && first.every(([, place]) => place === 'in' || place === 'same')
    && second.every(([, place]) => place !== 'in')
}

export function isEqualArea(a: Area, b: Area, checkAlive: CheckAlive): boolean {
  const { first, second } = cutApart(prepared(a), prepared(b), checkAlive)
  return [...first, ...second].every(([, place]) => place === 'same')
}

/** A shape of any kind: areas, and lines of two points or more, or of one. */
export type Figure = { readonly area: Area; readonly lines: readonly Ring[] }

type Parts = { readonly edges: readonly Piece[]; readonly rings: readonly Ring[]; readonly bounds: readonly Piece[] }

function partsOf({ area, lines }: Figure): Parts {
  const rings = prepared(area)
  const bounds = edgesOf(rings)
  const open = lines.flatMap((line) => (line.length === 1 ? [{ from: line[0], to: line[0] }]
    : line.slice(1).map((to, i) => ({ from: line[i], to }))))
  return { edges: [...bounds, ...open], rings: [...rings, ...lines], bounds }
}

const meets = (a: Piece, b: Piece): boolean => (isSame(a.from, a.to) ? (isSame(b.from, b.to) ? isSame(a.from, b.from) : isOn(b, a.from))
  : isSame(b.from, b.to) ? isOn(a, b.from) : meetings(a, b).length > 0)

/** Do both have a point in common, on their edges or within? */
export function doMeet(a: Figure, b: Figure, checkAlive: CheckAlive): boolean {
  const [mine, theirs] = [partsOf(a), partsOf(b)]
  const isMet = (edge: Piece): boolean => {
    checkAlive()
    return theirs.edges.some((other) => meets(edge, other))
  }
  return mine.edges.some(isMet)
    || mine.rings.some(([point]) => point !== undefined && isWithin(point, theirs.bounds))
    || theirs.rings.some(([point]) => point !== undefined && isWithin(point, mine.bounds))
}

function toPiece([x, y]: Point, { from, to }: Piece): number {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const at = Math.max(0, Math.min(1, ((x - from[0]) * dx + (y - from[1]) * dy) / (dx * dx + dy * dy || 1)))
  return Math.hypot(x - from[0] - at * dx, y - from[1] - at * dy)
}

/** The least distance of both areas' edges by `each` (of a point and an edge); 0 where they meet. */
export function distanceOf(
  a: Area, b: Area, checkAlive: CheckAlive, each: (point: Point, edge: Piece) => number = toPiece,
): number {
  const [mine, theirs] = [edgesOf(prepared(a)), edgesOf(prepared(b))]
  let least = Infinity
  for (const edge of mine) {
    checkAlive()
    for (const other of theirs) least = Math.min(least, each(edge.from, other), each(other.from, edge))
  }
  return least
}

/** The corners of the smallest convex ring around all points, clockwise and closed. */
export function convexHull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort(([ax, ay], [bx, by]) => ax - bx || ay - by)
    .filter((point, i, all) => i === 0 || !isSame(point, all[i - 1]))
  if (sorted.length < 2) return Array.from({ length: sorted.length === 0 ? 0 : 4 }, () => sorted[0])
  const chain = (list: readonly Point[]): Point[] => {
    const kept: Point[] = []
    for (const point of list) {
      while (kept.length > 1 && side(kept[kept.length - 2], kept[kept.length - 1], point) >= 0) kept.pop()
      kept.push(point)
    }
    return kept.slice(0, -1)
  }
  const hull = [...chain(sorted), ...chain([...sorted].reverse())]
  const closed = [...hull, hull[0]]
  return closed.length < 4 ? [...closed, closed[0]] : closed
}
