// Places in metres: Universal Transverse Mercator, and the Military Grid Reference System over it; boxes of tiles of
// web maps.
// Invariant: the ellipsoid is WGS 84, and places are ClickHouse's to a millimetre's thousandth. Source of the series:
// Snyder, "Map projections: a working manual" (1987), chapter 8; of zones, bands and letters: NGA.STND.0037, "The
// universal grids" (2014).

import { FLOAT64, internType, STRING, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import { byValues } from '../base/by-values.ts'
import { expectTypes } from '../base/define.ts'
import { FunctionError, type ArgInfo, type FunctionDef } from '../values/function.ts'
import { isInteger, isNumber, isString, namedTupleOf, numberInfo } from '../values/types.ts'

const RADIUS = 6_378_137
const FLATTENING = 1 / 298.257_223_563
const SCALE = 0.9996
const FALSE_EASTING = 500_000
const FALSE_NORTHING = 10_000_000
const RADIAN = Math.PI / 180

/** The square of the ellipsoid's eccentricity, that of its second one, and its third flattening. */
const E2 = FLATTENING * (2 - FLATTENING)
const SECOND_E2 = E2 / (1 - E2)
const E1 = (1 - Math.sqrt(1 - E2)) / (1 + Math.sqrt(1 - E2))

/** Of a meridian's length: what the latitude, and the sines of its multiples by 2, 4, 6 count. */
const MERIDIAN = [1 - E2 / 4 - 3 * E2 ** 2 / 64 - 5 * E2 ** 3 / 256, -(3 * E2 / 8 + 3 * E2 ** 2 / 32 + 45 * E2 ** 3 / 1024),
  15 * E2 ** 2 / 256 + 45 * E2 ** 3 / 1024, -35 * E2 ** 3 / 3072]
/** The same for the latitude of a length. */
const FOOTPRINT = [1, 3 * E1 / 2 - 27 * E1 ** 3 / 32, 21 * E1 ** 2 / 16 - 55 * E1 ** 4 / 32, 151 * E1 ** 3 / 96]

const ofSines = (coefficients: readonly number[], angle: number): number =>
  coefficients.reduce((sum, c, i) => sum + c * (i === 0 ? angle : Math.sin(2 * i * angle)), 0)

const middleOf = (zone: number): number => 6 * zone - 183

type Place = readonly [x: number, y: number]

/** What the series are made of at a latitude: squares of its tangent and its ellipsoidal cosine, the radii of curvature. */
function atLatitude(latitude: number): { cosine: number; tangent: number; t: number; c: number; across: number; along: number } {
  const [sine, cosine] = [Math.sin(latitude), Math.cos(latitude)]
  const tangent = sine / cosine
  const bent = 1 - E2 * sine * sine
  return { cosine, tangent, t: tangent * tangent, c: SECOND_E2 * cosine * cosine, across: RADIUS / Math.sqrt(bent), along: RADIUS * (1 - E2) / bent ** 1.5 }
}

/** Metres east and north of the crossing of equator and middle meridian (Snyder's 8-9 and 8-10). */
function projected(longitude: number, latitude: number, zone: number): Place {
  const phi = latitude * RADIAN
  const { cosine, tangent, t, c, across } = atLatitude(phi)
  const a = cosine * (longitude - middleOf(zone)) * RADIAN
  const x = a + a ** 3 / 6 * (1 - t + c) + a ** 5 / 120 * (5 - 18 * t + t * t + 72 * c - 58 * SECOND_E2)
  const y = a * a / 2 + a ** 4 / 24 * (5 - t + 9 * c + 4 * c * c) + a ** 6 / 720 * (61 - 58 * t + t * t + 600 * c - 330 * SECOND_E2)
  return [SCALE * across * x, SCALE * (RADIUS * ofSines(MERIDIAN, phi) + across * tangent * y)]
}

/** Degrees of longitude and latitude (Snyder's 8-17 and 8-18). */
function unprojected(x: number, y: number, zone: number): Place {
  const foot = ofSines(FOOTPRINT, y / SCALE / (RADIUS * MERIDIAN[0]))
  const { cosine, tangent, t, c, across, along } = atLatitude(foot)
  const d = x / (across * SCALE)
  const north = d * d / 2 - d ** 4 / 24 * (5 + 3 * t + 10 * c - 4 * c * c - 9 * SECOND_E2)
    + d ** 6 / 720 * (61 + 90 * t + 298 * c + 45 * t * t - 252 * SECOND_E2 - 3 * c * c)
  const east = d - d ** 3 / 6 * (1 + 2 * t + c) + d ** 5 / 120 * (5 - 2 * c + 28 * t - 3 * c * c + 8 * SECOND_E2 + 24 * t * t)
  return [middleOf(zone) + east / cosine / RADIAN, (foot - across * tangent / along * north) / RADIAN]
}

// ---------------------------------------------------------------------- zones and bands

const BANDS = 'CDEFGHJKLMNPQRSTUVWX'
const bandOf = (latitude: number): string => BANDS[Math.min(BANDS.length - 1, Math.floor((latitude + 80) / 8))]

/** Norway's and Svalbard's zones are wider than others. */
function zoneOf(longitude: number, latitude: number): number {
  if (latitude >= 56 && latitude < 64 && longitude >= 3 && longitude < 12) return 32
  if (latitude >= 72 && longitude >= 0 && longitude < 42) {
    return longitude < 9 ? 31 : longitude < 21 ? 33 : longitude < 33 ? 35 : 37
  }
  return Math.min(60, Math.floor((longitude + 180) / 6) + 1)
}

const LATITUDE_LEAST = -80
const LATITUDE_MOST = 84

function checkPlace(name: string, longitude: number, latitude: number): void {
  const fail = (what: string, code: string): FunctionError => new FunctionError(`${what} in function ${name}`, code)
  if (!Number.isFinite(longitude) || !Number.isFinite(latitude)) throw fail('A place is no finite number', 'ILLEGAL_TYPE_OF_ARGUMENT')
  if (Math.abs(longitude) > 180) throw fail(`Longitude ${longitude} is out of range [-180, 180]`, 'ARGUMENT_OUT_OF_BOUND')
  if (latitude < LATITUDE_LEAST || latitude > LATITUDE_MOST) {
    throw fail(`Latitude ${latitude} is out of range [${LATITUDE_LEAST}, ${LATITUDE_MOST}]`, 'ARGUMENT_OUT_OF_BOUND')
  }
}

function checkZone(name: string, zone: number): void {
  if (!(zone >= 1 && zone <= 60)) throw new FunctionError(`Zone ${zone} of function ${name} is out of range [1, 60]`, 'BAD_ARGUMENTS')
}

type Utm = { readonly easting: number; readonly northing: number; readonly zone: number; readonly band: string }

function toUtm(name: string, longitude: number, latitude: number, forced?: number): Utm {
  checkPlace(name, longitude, latitude)
  if (forced !== undefined) checkZone(name, forced)
  const zone = forced ?? zoneOf(longitude, latitude)
  const [x, y] = projected(longitude, latitude, zone)
  return { easting: x + FALSE_EASTING, northing: y + (latitude < 0 ? FALSE_NORTHING : 0), zone, band: bandOf(latitude) }
}

// ---------------------------------------------------------------------- squares of 100 km

const SQUARE = 100_000
const COLUMNS = ['ABCDEFGH', 'JKLMNPQR', 'STUVWXYZ']
const ROWS = 'ABCDEFGHJKLMNPQRSTUV'
const DIGITS_MAX = 5
/** Rows begin five letters later in zones of even number. */
const rowShift = (zone: number): number => (zone % 2 === 0 ? 5 : 0)

function toMgrs(name: string, longitude: number, latitude: number, digits: number): string {
  if (!(digits >= 0 && digits <= DIGITS_MAX)) throw new FunctionError(`Precision ${digits} of function ${name} is out of range [0, ${DIGITS_MAX}]`, 'ARGUMENT_OUT_OF_BOUND')
  const { easting, northing, zone, band } = toUtm(name, longitude, latitude)
  const column = COLUMNS[(zone - 1) % 3][Math.floor(easting / SQUARE) - 1]
  const row = ROWS[(Math.floor(northing / SQUARE) + rowShift(zone)) % ROWS.length]
  const part = (metres: number): string => String(Math.floor(metres % SQUARE)).padStart(DIGITS_MAX, '0').slice(0, digits)
  return `${zone}${band}${column}${row}${part(easting)}${part(northing)}`
}

function fromMgrs(written: string): Place {
  const fail = (what: string): FunctionError => new FunctionError(`Invalid MGRS string '${written}': ${what}`, 'BAD_ARGUMENTS')
  const found = /^(\d{1,2})([A-Z])([A-Z])([A-Z])(\d*)$/.exec(written.toUpperCase().replace(/\s+/g, ''))
  if (found === null) throw fail('it is a zone, a band, two letters of a square and digits')
  const [, zoneText, band, columnLetter, rowLetter, digits] = found
  const zone = Number(zoneText)
  if (zone < 1 || zone > 60) throw fail(`no zone ${zone}`)
  if (digits.length % 2 !== 0 || digits.length > 2 * DIGITS_MAX) throw fail('an odd number of digits, or too many')
  const column = COLUMNS[(zone - 1) % 3].indexOf(columnLetter)
  const row = ROWS.indexOf(rowLetter)
  const bandIndex = BANDS.indexOf(band)
  if (column < 0 || row < 0 || bandIndex < 0) throw fail('a letter that is not used there')
  const size = SQUARE / 10 ** (digits.length / 2)
  const [east, north] = [digits.slice(0, digits.length / 2), digits.slice(digits.length / 2)].map((text) => (Number(text) + 0.5) * size)
  const easting = (column + 1) * SQUARE + east
  const isNorth = band >= 'N'
  // Rows come again every 2,000 km: the one that lies in the band.
  const south = projected(middleOf(zone), -80 + 8 * bandIndex, zone)[1] + (isNorth ? 0 : FALSE_NORTHING)
  let northing = ((row - rowShift(zone) + ROWS.length) % ROWS.length) * SQUARE + north
  while (northing < south - SQUARE) northing += ROWS.length * SQUARE
  return unprojected(easting - FALSE_EASTING, northing - (isNorth ? 0 : FALSE_NORTHING), zone)
}

// ---------------------------------------------------------------------- tiles of web maps

const ZOOM_MAX = 32
const DEGREES_TYPE = namedTupleOf(['min_lon', 'min_lat', 'max_lon', 'max_lat'], [FLOAT64, FLOAT64, FLOAT64, FLOAT64])
const MERCATOR_TYPE = namedTupleOf(['min_x', 'min_y', 'max_x', 'max_y'], [FLOAT64, FLOAT64, FLOAT64, FLOAT64])

/** The box around a tile: each of its corners by `place`, in shares of the whole map from its north west. */
const tileBox = (name: string, type: DataType, box: (west: number, north: number, east: number, south: number) => Value): FunctionDef =>
  byValues(name, [3, 3], (args) => {
    expectTypes(name, args, isUnsigned)
    return type
  }, (values) => {
    const [zoom, x, y] = values.map(Number)
    if (zoom > ZOOM_MAX) throw new FunctionError(`The zoom of function ${name} is ${ZOOM_MAX} at most, not ${zoom}`, 'ARGUMENT_OUT_OF_BOUND')
    const tiles = 2 ** zoom
    if (x >= tiles || y >= tiles) throw new FunctionError(`Function ${name}: there is no tile ${x}, ${y} of zoom ${zoom}`, 'ARGUMENT_OUT_OF_BOUND')
    return box(x / tiles, y / tiles, (x + 1) / tiles, (y + 1) / tiles)
  })

const isUnsigned = (type: DataType): boolean => numberInfo(type)?.isSigned === false

const latitudeOf = (share: number): number => Math.atan(Math.sinh(Math.PI * (1 - 2 * share))) / RADIAN

// ---------------------------------------------------------------------- as functions

const UTM_TYPE = namedTupleOf(['easting', 'northing', 'zone', 'band'], [FLOAT64, FLOAT64, UINT8, internType('FixedString(1)', 'FixedString', { length: 1 })])
const PLACE_TYPE = namedTupleOf(['longitude', 'latitude'], [FLOAT64, FLOAT64])

const isFloat = ({ id }: DataType): boolean => id === 'Float32' || id === 'Float64'

const places = (name: string, type: DataType) => (args: readonly ArgInfo[]): DataType => {
  expectTypes(name, args, isFloat, isFloat, isInteger)
  return type
}

const optional = (value: Value | undefined): number | undefined => (value === undefined ? undefined : Number(value))

export const UTM: readonly FunctionDef[] = [
  tileBox('MVTBoundingBox', DEGREES_TYPE, (west, north, east, south) => [west * 360 - 180, latitudeOf(south), east * 360 - 180, latitudeOf(north)]),
  tileBox('MVTBoundingBoxMercator', MERCATOR_TYPE, (west, north, east, south) => [west, north, east, south].map((share) => share * 2 ** 32)),
  byValues('geoToUTM', [2, 3], places('geoToUTM', UTM_TYPE), ([longitude, latitude, zone]) => {
    const place = toUtm('geoToUTM', Number(longitude), Number(latitude), optional(zone))
    return [place.easting, place.northing, place.zone, place.band]
  }),
  byValues('UTMToGeo', [4, 4], (args) => {
    expectTypes('UTMToGeo', args, isNumber, isNumber, isInteger, isInteger)
    return PLACE_TYPE
  }, (values) => {
    const [easting, northing, zone, north] = values.map(Number)
    if (!Number.isFinite(easting) || !Number.isFinite(northing)) throw new FunctionError('Metres of function UTMToGeo are no finite numbers', 'ILLEGAL_TYPE_OF_ARGUMENT')
    checkZone('UTMToGeo', zone)
    if (north !== 0 && north !== 1) throw new FunctionError(`is_north of function UTMToGeo is 0 or 1, not ${north}`, 'BAD_ARGUMENTS')
    return unprojected(easting - FALSE_EASTING, northing - (north === 1 ? 0 : FALSE_NORTHING), zone)
  }),
  byValues('geoToMGRS', [2, 3], places('geoToMGRS', STRING), ([longitude, latitude, digits]) =>
    toMgrs('geoToMGRS', Number(longitude), Number(latitude), optional(digits) ?? DIGITS_MAX)),
  byValues('MGRSToGeo', [1, 1], (args) => {
    expectTypes('MGRSToGeo', args, isString)
    return PLACE_TYPE
  }, ([text]) => fromMgrs(String(text))),
]
