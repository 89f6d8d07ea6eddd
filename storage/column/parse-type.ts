// Text of a data type to its interned DataType: the whole grammar of type names, with the aliases of
// other dialects. Used wherever a type arrives as text: schemas, CAST, the store's own metadata.
// Invariant: parseDataType(parseDataType(text).name) is the same object.

import {
  arrayOf, DISCRIMINATOR, dateTime64Of, dateTimeOf, internType, isNullable, lowCardinalityOf, mapOf, nullableOf, TIME, time64Of, variantOf,
  type DataType, type TypeId,
} from './data-type.ts'
import { familyOf, mayContinue, nearestTypeName, plainZone, quoteName, quoteText } from './type-names.ts'
import { TypeScanner, type TypeToken } from './type-scanner.ts'

/** A type's text is wrong; `offset` is the place in the text. */
export class DataTypeError extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.name = 'DataTypeError'
    this.offset = offset
  }
}

const DEPTH_MAX = 64 // Types nest as people nest data; deeper text is an attack on the stack.
const parsed = new Map<string, DataType>()
const PARSED_MAX = 10_000 // Texts remembered: a schema repeats few; generated ones must not pile up.

/** The type that `text` names, as ClickHouse reads it: `INT UNSIGNED`, `Nullable(String)`,
 * `Decimal64(3)`. Throws DataTypeError. */
export function parseDataType(text: string): DataType {
  const known = parsed.get(text)
  if (known !== undefined) return known
  const scanner = new TypeScanner(text, (message, offset) => new DataTypeError(message, offset))
  const type = readType(scanner, 0)
  if (scanner.peek().kind !== 'end') {
    throw scanner.error(`unexpected ${scanner.describe()} after the type`)
  }
  if (parsed.size >= PARSED_MAX) parsed.clear()
  parsed.set(text, type)
  return type
}

function readType(scanner: TypeScanner, depth: number): DataType {
  if (depth > DEPTH_MAX) throw scanner.error(`types may nest ${DEPTH_MAX} deep`)
  const first = scanner.peek()
  const family = readFamily(scanner)
  return readFamilyType(family, scanner, depth, first)
}

/** Reads a name of one or several words. */
function readFamily(scanner: TypeScanner): string {
  const token = scanner.take()
  if (token.kind !== 'word') {
    throw scanner.errorAt(token, `expected the name of a type, not ${scanner.describe(token)}`)
  }
  let name = token.text
  while (mayContinue(name.toLowerCase()) && scanner.peek().kind === 'word') {
    const longer = `${name} ${scanner.peek().text}`
    if (!mayContinue(longer.toLowerCase()) && familyOf(longer) === null) break
    name = longer
    scanner.take()
  }
  const family = familyOf(name)
  if (family === null) {
    const near = nearestTypeName(name)
    throw scanner.errorAt(token,
      `Unknown data type ${name}${near === null ? '' : `: did you mean ${near}?`}`)
  }
  // MySQL writes the display width before the sign: BIGINT(20) UNSIGNED.
  if (/^Int(8|16|32|64)$/.test(family) && name !== family) {
    scanner.skipBrackets()
    const sign = scanner.peek()
    if (sign.kind === 'word' && /^(un)?signed$/i.test(sign.text)) {
      scanner.take()
      return sign.text.length > 6 ? `U${family}` : family
    }
  }
  return family
}

/** Elements of families that are other types under a name of their own. */
const GEO: Readonly<Record<string, string>> = {
  Ring: 'Point', LineString: 'Point', Polygon: 'Ring', MultiLineString: 'LineString',
  MultiPolygon: 'Polygon',
}

/** What a Geometry is one of, as a Variant sorts them. */
const SHAPES = ['LineString', 'MultiLineString', 'MultiPolygon', 'Point', 'Polygon', 'Ring']

const NOT_YET: ReadonlySet<string> = new Set(['BFloat16', 'QBit'])

function readFamilyType(
  family: string, scanner: TypeScanner, depth: number, at: TypeToken,
): DataType {
  if (NOT_YET.has(family)) throw scanner.errorAt(at, `not supported yet: data type ${family}`)
  switch (family) {
    case 'Nullable': return readNullable(scanner, depth, at)
    case 'LowCardinality': return readLowCardinality(scanner, depth, at)
    case 'Array': return arrayOf(readOnly(scanner, depth, family))
    case 'Map': return readMap(scanner, depth, at)
    case 'Tuple': return readTuple(scanner, depth, family)
    case 'Nested': return readNested(scanner, depth, at)
    case 'DateTime': case 'DateTime32': case 'DateTime64': return readDateTime(scanner, family)
    case 'Time': case 'Time64': return readTime(scanner, family)
    case 'Enum': case 'Enum8': case 'Enum16': return readEnum(scanner, family, at)
    case 'FixedString': return readFixedString(scanner, at)
    case 'AggregateFunction': case 'SimpleAggregateFunction':
      return readAggregate(scanner, depth, family)
    case 'JSON': return readJson(scanner, depth)
    case 'Variant': return readVariant(scanner, depth, at)
    default:
  }
  if (family.startsWith('Decimal')) return readDecimal(scanner, family, at)
  scanner.skipBrackets()
  if (family.startsWith('Interval')) {
    return internType(family, 'Interval', { func: family.slice('Interval'.length) })
  }
  return geoType(family) ?? internType(family, family as TypeId)
}

/** Point is a tuple of two floats, the others are arrays of it, and Geometry a Variant of all, under names of their own. */
function geoType(family: string): DataType | null {
  if (family === 'Geometry') return internType(family, 'Variant', { args: [DISCRIMINATOR, ...SHAPES.map(shapeType)] })
  return SHAPES.includes(family) ? shapeType(family) : null
}

function shapeType(shape: string): DataType {
  if (shape !== 'Point') return internType(shape, 'Array', { args: [shapeType(GEO[shape])] })
  const float = internType('Float64', 'Float64')
  return internType('Point', 'Tuple', { args: [float, float] })
}

/** The one argument of `family(...)`. */
function readOnly(scanner: TypeScanner, depth: number, family: string): DataType {
  scanner.expect('(', `${family} needs one type in brackets`)
  const inner = readType(scanner, depth + 1)
  scanner.expect(')', `${family} takes one type`)
  return inner
}

const NEVER_NULLABLE: ReadonlySet<TypeId> = new Set(
  ['Array', 'Map', 'Nullable', 'LowCardinality', 'AggregateFunction', 'Variant'])

function readNullable(scanner: TypeScanner, depth: number, at: TypeToken): DataType {
  const inner = readOnly(scanner, depth, 'Nullable')
  if (NEVER_NULLABLE.has(inner.id)) {
    throw scanner.errorAt(at, inner.id === 'LowCardinality'
      ? `${inner.name} cannot be inside Nullable: write LowCardinality(Nullable(...))`
      : `${inner.name} cannot be inside Nullable`)
  }
  return nullableOf(inner)
}

const LOW_CARDINALITY: ReadonlySet<TypeId> = new Set([
  'String', 'FixedString', 'Date', 'Date32', 'DateTime', 'Time', 'UUID', 'IPv4', 'IPv6', 'Bool',
  'Float32', 'Float64', 'Int8', 'Int16', 'Int32', 'Int64', 'Int128', 'Int256', 'UInt8', 'UInt16',
  'UInt32', 'UInt64', 'UInt128', 'UInt256'])

function readLowCardinality(scanner: TypeScanner, depth: number, at: TypeToken): DataType {
  const inner = readOnly(scanner, depth, 'LowCardinality')
  const bare = inner.id === 'Nullable' ? inner.args[0] : inner
  if (!LOW_CARDINALITY.has(bare.id)) {
    throw scanner.errorAt(at,
      `LowCardinality takes numbers, strings, Date or DateTime, not ${inner.name}`)
  }
  return lowCardinalityOf(inner)
}

function readMap(scanner: TypeScanner, depth: number, at: TypeToken): DataType {
  scanner.expect('(', 'Map needs the types of its keys and values in brackets')
  const key = readType(scanner, depth + 1)
  scanner.expect(',', 'Map takes two types, of its keys and of its values')
  const value = readType(scanner, depth + 1)
  scanner.expect(')', 'Map takes two types, of its keys and of its values')
  if (key.id === 'Nullable' || (key.id === 'LowCardinality' && key.args[0].id === 'Nullable')) {
    throw scanner.errorAt(at, `the keys of a Map cannot be ${key.name}`)
  }
  return mapOf(key, value)
}

/** Elements `name Type` (all or none named) in brackets. */
function readElements(scanner: TypeScanner, depth: number, family: string) {
  const names: string[] = []
  const args: DataType[] = []
  scanner.expect('(', `${family} needs its elements in brackets`)
  while (!scanner.skip(')')) {
    if (args.length > 0) scanner.expect(',', `${family}: elements are set apart by commas`)
    const token = scanner.peek()
    const isNamed = token.kind === 'quoted-name'
      || (token.kind === 'word' && ['word', 'quoted-name'].includes(scanner.peek(1).kind)
        && !mayContinue(token.text.toLowerCase()))
    if (isNamed) {
      if (names.includes(token.text)) {
        throw scanner.errorAt(token, `${family} has two elements named ${quoteName(token.text)}`)
      }
      names.push(scanner.take().text)
    }
    args.push(readType(scanner, depth + 1))
    if (names.length !== 0 && names.length !== args.length) {
      throw scanner.errorAt(token, `${family}: either all elements have names or none`)
    }
  }
  return { names: names.length === 0 ? null : names, args }
}

function readTuple(scanner: TypeScanner, depth: number, family: string): DataType {
  const { names, args } = readElements(scanner, depth, family)
  const list = args.map((arg, i) => (names === null ? arg.name : `${quoteName(names[i])} ${arg.name}`))
  return internType(`Tuple(${list.join(', ')})`, 'Tuple', { args, names })
}

const ALTERNATIVES_MAX = 254

function readVariant(scanner: TypeScanner, depth: number, at: TypeToken): DataType {
  const { names, args } = readElements(scanner, depth, 'Variant')
  if (names !== null) throw scanner.errorAt(at, 'the alternatives of a Variant have no names')
  if (args.length === 0 || args.length > ALTERNATIVES_MAX) {
    throw scanner.errorAt(at, `Variant takes 1 to ${ALTERNATIVES_MAX} types`)
  }
  const refused = args.find((arg) => isNullable(arg) || arg.id === 'Variant' || arg.id === 'Nothing')
  if (refused !== undefined) throw scanner.errorAt(at, `${refused.name} cannot be inside Variant`)
  return variantOf(args)
}

/** Nested(a A, b B) is Array(Tuple(a A, b B)) under its own name. */
function readNested(scanner: TypeScanner, depth: number, at: TypeToken): DataType {
  const { names, args } = readElements(scanner, depth, 'Nested')
  if (names === null) throw scanner.errorAt(at, 'Nested needs elements with names')
  const list = args.map((arg, i) => `${quoteName(names[i])} ${arg.name}`).join(', ')
  const tuple = internType(`Tuple(${list})`, 'Tuple', { args, names })
  return internType(`Nested(${list})`, 'Array', { args: [tuple] })
}

const DATETIME64_PRECISION_MAX = 9

function readDateTime(scanner: TypeScanner, family: string): DataType {
  let precision = family === 'DateTime64' ? 3 : 0
  let zone: string | null = null
  if (scanner.skip('(') && !scanner.skip(')')) {
    if (scanner.peek().kind === 'number' && family !== 'DateTime32') {
      const token = scanner.peek()
      precision = scanner.integer('digits after the second')
      if (precision > DATETIME64_PRECISION_MAX || precision < 0) {
        throw scanner.errorAt(token,
          `${family} has 0 to ${DATETIME64_PRECISION_MAX} digits after the second, not ${precision}`)
      }
      if (scanner.skip(',')) zone = readZone(scanner)
    } else {
      zone = readZone(scanner)
    }
    scanner.expect(')', `${family} takes digits after the second and a time zone`)
  }
  // DateTime(3) means DateTime64(3), and DateTime(0) a plain DateTime.
  return family === 'DateTime64' || precision > 0
    ? dateTime64Of(precision, zone) : dateTimeOf(zone)
}

/** Time, Time64(digits); Time(digits) means Time64(digits). Times of a clock have no zone. */
function readTime(scanner: TypeScanner, family: string): DataType {
  let precision = family === 'Time64' ? 3 : 0
  if (scanner.skip('(') && !scanner.skip(')')) {
    const token = scanner.peek()
    if (token.kind !== 'number') throw scanner.errorAt(token, `${family} takes digits after the second, and no time zone`)
    precision = scanner.integer('digits after the second')
    if (precision > DATETIME64_PRECISION_MAX || precision < 0) {
      throw scanner.errorAt(token, `${family} has 0 to ${DATETIME64_PRECISION_MAX} digits after the second, not ${precision}`)
    }
    scanner.expect(')', `${family} takes digits after the second, and no time zone`)
  }
  return family === 'Time64' || precision > 0 ? time64Of(precision) : TIME
}

function readZone(scanner: TypeScanner): string | null {
  const token = scanner.take()
  if (token.kind !== 'text') {
    throw scanner.errorAt(token, `expected a time zone as text, not ${scanner.describe(token)}`)
  }
  if (token.text === '') return null
  try {
    new Intl.DateTimeFormat('en', { timeZone: plainZone(token.text) })
  } catch {
    throw scanner.errorAt(token, `unknown time zone '${token.text}'`)
  }
  return token.text
}

const DECIMAL_DIGITS: Readonly<Record<string, number>> =
  { Decimal32: 9, Decimal64: 18, Decimal128: 38, Decimal256: 76 }
const DECIMAL_DIGITS_MAX = 76

function readDecimal(scanner: TypeScanner, family: string, at: TypeToken): DataType {
  const fixed = DECIMAL_DIGITS[family]
  let precision = fixed ?? 10
  let scale = 0
  if (fixed !== undefined) {
    scanner.expect('(', `${family} needs the digits after the point in brackets`)
    scale = scanner.integer('digits after the point')
    scanner.expect(')', `${family} takes one number`)
  } else if (scanner.skip('(') && !scanner.skip(')')) {
    precision = scanner.integer('all digits')
    if (scanner.skip(',')) scale = scanner.integer('digits after the point')
    scanner.expect(')', 'Decimal takes all digits and the digits after the point')
  }
  if (precision < 1 || precision > DECIMAL_DIGITS_MAX) {
    throw scanner.errorAt(at, `Decimal has 1 to ${DECIMAL_DIGITS_MAX} digits, not ${precision}`)
  }
  if (scale < 0 || scale > precision) {
    throw scanner.errorAt(at, `Decimal with ${precision} digits cannot have ${scale} after the point`)
  }
  return internType(`Decimal(${precision}, ${scale})`, 'Decimal', { precision, scale })
}

const ENUM_RANGE: Readonly<Record<string, number>> = { Enum: 32768, Enum8: 128, Enum16: 32768 }

function readEnum(scanner: TypeScanner, family: string, at: TypeToken): DataType {
  const members: { name: string; value: number }[] = []
  const range = ENUM_RANGE[family]
  scanner.expect('(', `${family} needs its members in brackets: ${family}('a' = 1, 'b' = 2)`)
  while (!scanner.skip(')')) {
    if (members.length > 0) scanner.expect(',', `${family}: members are set apart by commas`)
    const token = scanner.take()
    if (token.kind !== 'text') {
      throw scanner.errorAt(token, `${family}: expected a member as text, not ${scanner.describe(token)}`)
    }
    const value = scanner.skip('=') ? scanner.integer('value of the member')
      : (members.at(-1)?.value ?? 0) + 1
    if (value < -range || value >= range) {
      throw scanner.errorAt(token,
        `${family}: ${quoteText(token.text)} = ${value} is out of its range -${range} to ${range - 1}`)
    }
    const same = members.find((member) => member.name === token.text || member.value === value)
    if (same !== undefined) {
      throw scanner.errorAt(token, `${family}: ${quoteText(token.text)} = ${value} collides with `
        + `${quoteText(same.name)} = ${same.value}`)
    }
    members.push({ name: token.text, value })
  }
  if (members.length === 0) throw scanner.errorAt(at, `${family} needs at least one member`)
  members.sort((a, b) => a.value - b.value)
  const isWide = family === 'Enum16'
    || (family === 'Enum' && members.some(({ value }) => value < -128 || value > 127))
  const id = isWide ? 'Enum16' : 'Enum8'
  const list = members.map(({ name, value }) => `${quoteText(name)} = ${value}`).join(', ')
  return internType(`${id}(${list})`, id, {
    names: members.map(({ name }) => name), values: members.map(({ value }) => value),
  })
}

const FIXED_STRING_BYTES_MAX = 0xffffff

function readFixedString(scanner: TypeScanner, at: TypeToken): DataType {
  scanner.expect('(', 'FixedString needs its size in bytes in brackets')
  const length = scanner.integer('size in bytes')
  scanner.expect(')', 'FixedString takes one number, its size in bytes')
  if (length < 1 || length > FIXED_STRING_BYTES_MAX) {
    throw scanner.errorAt(at, `FixedString has 1 to ${FIXED_STRING_BYTES_MAX} bytes, not ${length}`)
  }
  return internType(`FixedString(${length})`, 'FixedString', { length })
}

/** A number, a text, or a list of them: as types have them. */
function readParameter(scanner: TypeScanner, what: string): string {
  if (scanner.skip('[')) {
    const values: string[] = []
    while (!scanner.skip(']')) {
      if (values.length > 0) scanner.expect(',', `${what}: values of a list are set apart by commas`)
      values.push(readParameter(scanner, what))
    }
    return `[${values.join(', ')}]`
  }
  const token = scanner.take()
  if (token.kind !== 'number' && token.kind !== 'text') {
    throw scanner.errorAt(token, `${what} are numbers, texts or lists of them`)
  }
  return token.kind === 'text' ? quoteText(token.text) : String(Number(token.text))
}

/** AggregateFunction([version,] name[(parameters)], types...) and its simple kin. */
function readAggregate(scanner: TypeScanner, depth: number, family: string): DataType {
  scanner.expect('(', `${family} needs an aggregate function and its types in brackets`)
  let version = ''
  if (scanner.peek().kind === 'number') {
    version = `${scanner.integer('version of the state')}, `
    scanner.expect(',', `${family}: a comma after the version`)
  }
  const name = scanner.take()
  if (name.kind !== 'word') {
    throw scanner.errorAt(name, `${family}: expected the name of an aggregate function`)
  }
  const parameters: string[] = []
  if (scanner.skip('(')) {
    while (!scanner.skip(')')) {
      if (parameters.length > 0) scanner.expect(',', `${family}: parameters are set apart by commas`)
      parameters.push(readParameter(scanner, `${family}: parameters of ${name.text}`))
    }
  }
  const func = parameters.length === 0 ? name.text : `${name.text}(${parameters.join(', ')})`
  const args: DataType[] = []
  while (!scanner.skip(')')) {
    scanner.expect(',', `${family}: types are set apart by commas`)
    args.push(readType(scanner, depth + 1))
  }
  const list = [func, ...args.map((arg) => arg.name)].join(', ')
  return internType(`${family}(${version}${list})`, family as TypeId, { args, func })
}

/** JSON(name = number, path Type, SKIP path, SKIP REGEXP 'text'): typed paths become args. */
function readJson(scanner: TypeScanner, depth: number): DataType {
  const settings: string[] = []
  const paths: { name: string; type: DataType }[] = []
  const skips: string[] = []
  const skipped = { paths: [] as string[], patterns: [] as string[] }
  if (scanner.skip('(')) {
    while (!scanner.skip(')')) {
      if (settings.length + paths.length + skips.length > 0) {
        scanner.expect(',', 'JSON: arguments are set apart by commas')
      }
      if (scanner.peek().kind === 'word' && scanner.peek(1).text === '=') {
        const name = scanner.take().text
        scanner.take()
        settings.push(`${name}=${scanner.integer(name)}`)
      } else if (scanner.skipWord('SKIP')) {
        if (scanner.skipWord('REGEXP')) {
          const pattern = scanner.take().text
          skipped.patterns.push(pattern)
          skips.push(`SKIP REGEXP ${quoteText(pattern)}`)
        } else {
          const path = scanner.path()
          skipped.paths.push(path)
          skips.push(`SKIP ${quoteName(path)}`)
        }
      } else {
        paths.push({ name: scanner.path(), type: readType(scanner, depth + 1) })
      }
    }
  }
  paths.sort((a, b) => (a.name < b.name ? -1 : 1))
  const list = [
    ...settings, ...paths.map(({ name, type }) => `${quoteName(name)} ${type.name}`), ...skips]
  return internType(list.length === 0 ? 'JSON' : `JSON(${list.join(', ')})`, 'JSON', {
    args: paths.map(({ type }) => type), names: paths.map(({ name }) => name), skips: skips.length === 0 ? null : skipped,
  })
}
