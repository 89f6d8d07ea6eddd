// Functions and aggregates by name. The analyzer finds them here and puts canonical names into the
// plan; the executor finds them again by those.
// Invariant: a canonical name is found by itself; case matters unless the record says otherwise.

import { aggregateNames } from './aggregates/aggregate-registry.ts'
import { ANY_CASE } from './any-case.ts'
import { ARITHMETIC } from './numbers/arithmetic.ts'
import { ACCURATE_CASTS } from './base/accurate-cast.ts'
import { ARRAY_FOLD } from './arrays/array-fold.ts'
import { ARRAY_FORMS } from './arrays/array-forms.ts'
import { ARRAY_LAMBDAS } from './arrays/array-lambdas.ts'
import { ARRAY_MEASURES } from './arrays/array-measures.ts'
import { ARRAY_RANKS } from './arrays/array-ranks.ts'
import { ARRAY_REDUCE } from './states/array-reduce.ts'
import { ARRAYS } from './arrays/arrays.ts'
import { BIT_FORMS } from './numbers/bit-forms.ts'
import { BIT_SHIFTS } from './numbers/bit-shifts.ts'
import { BITMAPS } from './states/bitmaps.ts'
import { CHARSETS } from './strings/charsets.ts'
import { CHOOSING } from './numbers/choosing.ts'
import { COLORS } from './numbers/colors.ts'
import { FINANCE } from './arrays/finance.ts'
import { PRETTY_JSON } from './strings/pretty-json.ts'
import { TEXT_MARKS } from './strings/text-marks.ts'
import { TIME_RANGES } from './dates/time-ranges.ts'
import { TIME_WINDOWS } from './dates/time-windows.ts'
import { COMPARISON } from './base/comparison.ts'
import { CONDITIONAL } from './numbers/conditional.ts'
import { CONVERSION } from './base/conversion.ts'
import { DATE_ARITHMETIC } from './dates/date-arithmetic.ts'
import { DATE_FORMS } from './dates/date-forms.ts'
import { DATE_INTERVALS } from './dates/date-intervals.ts'
import { DATE_MORE } from './dates/date-more.ts'
import { DATE_PARSE } from './dates/date-parse.ts'
import { DATE_PARTS } from './dates/date-parts.ts'
import { DATE_TEXT } from './dates/date-text.ts'
import { DEFAULTS } from './numbers/defaults.ts'
import { ENCODING } from './strings/encoding.ts'
import { DECIMAL_MORE } from './numbers/decimal-more.ts'
import { ENCRYPTION } from './hashes/encryption.ts'
import { EXPERIMENTS } from './arrays/experiments.ts'
import { HTML } from './strings/html.ts'
import { JSON_TYPES } from './json/json-types.ts'
import type { FunctionDef } from './values/function.ts'
import { GEOMETRY_BYTES } from './geo/geometry-bytes.ts'
import { FUZZY_MATCH } from './strings/fuzzy-match.ts'
import { GEO } from './geo/geo.ts'
import { GEOMETRY } from './geo/geometry.ts'
import { H3_CELLS } from './geo/h3-cells.ts'
import { HASHES } from './hashes/hashes.ts'
import { HIGHER_ORDER } from './arrays/higher-order.ts'
import { ICEBERG } from './hashes/iceberg.ts'
import { INDEXED_VECTOR_FUNCTIONS } from './states/indexed-vector-functions.ts'
import { IP_NUMBERS } from './strings/ip-numbers.ts'
import { IP } from './strings/ip.ts'
import { JSON_MORE } from './json/json-more.ts'
import { JSON_PATHS } from './base/json-paths.ts'
import { JSON_FUNCTIONS } from './json/json.ts'
import { LOGICAL } from './numbers/logical.ts'
import { MAP_FORMS } from './arrays/map-forms.ts'
import { MAP_LAMBDAS } from './arrays/map-lambdas.ts'
import { MATH } from './numbers/math.ts'
import { MULTI_SEARCH } from './strings/multi-search.ts'
import { NameTable } from './base/name-table.ts'
import { NUMBER_FORMS } from './numbers/number-forms.ts'
import { NUMBER_MORE } from './numbers/number-more.ts'
import { FORMAT_ROW } from './strings/format-row.ts'
import { WRITTEN_VALUES } from './strings/written-values.ts'
import { overPlainElements } from './base/plain-elements.ts'
import { POLYGONS } from './geo/polygons.ts'
import { QUERY_TEXTS } from './strings/query-texts.ts'
import { RANDOM } from './numbers/random.ts'
import { REGEXP_FUNCTIONS } from './strings/regexp-functions.ts'
import { REINTERPRET } from './numbers/reinterpret.ts'
import { SEASONAL_TREND } from './arrays/seasonal-trend.ts'
import { SIMPLE_JSON } from './strings/simple-json.ts'
import { SPARSE_GRAMS } from './strings/sparse-grams.ts'
import { SQIDS } from './strings/sqids.ts'
import { STATE_FUNCTIONS } from './states/state-functions.ts'
import { STRING_FORMS } from './strings/string-forms.ts'
import { STRING_MORE } from './strings/string-more.ts'
import { STRING_SEARCH } from './strings/string-search.ts'
import { STRING_SPLIT } from './strings/string-split.ts'
import { STRINGS } from './base/strings.ts'
import { TEXT_FINGERPRINTS } from './strings/text-fingerprints.ts'
import { TUPLE_FORMS } from './arrays/tuple-forms.ts'
import { TUPLE_MATH } from './arrays/tuple-math.ts'
import { TUPLES_MAPS } from './arrays/tuples-maps.ts'
import { URLS } from './strings/urls.ts'
import { UTM } from './geo/utm.ts'
import { VARIANTS } from './numbers/variants.ts'
import { VALUE_FACTS } from './strings/value-facts.ts'

const FAMILIES: readonly (readonly FunctionDef[])[] = [
  ARITHMETIC, COMPARISON, LOGICAL, CONDITIONAL, CONVERSION, ACCURATE_CASTS, DATE_ARITHMETIC, DATE_PARTS, DATE_TEXT,
  STRINGS, STRING_SEARCH, JSON_FUNCTIONS, MATH, ARRAYS, HIGHER_ORDER, TUPLES_MAPS, URLS, DEFAULTS,
  STATE_FUNCTIONS, ENCODING, HASHES, MULTI_SEARCH, REGEXP_FUNCTIONS, STRING_FORMS, STRING_SPLIT,
  ARRAY_FORMS, ARRAY_LAMBDAS, CHOOSING, DATE_FORMS, MAP_FORMS, NUMBER_FORMS, SIMPLE_JSON,
  JSON_PATHS, IP, IP_NUMBERS, DATE_PARSE, GEO, GEOMETRY, H3_CELLS, RANDOM, REINTERPRET,
  JSON_MORE, MAP_LAMBDAS, TUPLE_MATH, ARRAY_REDUCE,
  ARRAY_FOLD, DATE_MORE, NUMBER_MORE, BITMAPS, DATE_INTERVALS, STRING_MORE, ARRAY_MEASURES, BIT_FORMS, BIT_SHIFTS,
  TUPLE_FORMS, VALUE_FACTS, DECIMAL_MORE, ENCRYPTION, EXPERIMENTS, HTML, JSON_TYPES,
  TIME_WINDOWS, COLORS, FINANCE, PRETTY_JSON, VARIANTS, FORMAT_ROW, WRITTEN_VALUES,
  TEXT_FINGERPRINTS, QUERY_TEXTS, SPARSE_GRAMS, ARRAY_RANKS, TEXT_MARKS, POLYGONS, GEOMETRY_BYTES, SQIDS, CHARSETS, UTM, TIME_RANGES, SEASONAL_TREND, FUZZY_MATCH, ICEBERG,
  INDEXED_VECTOR_FUNCTIONS,
]

/** Those of arrays' families that keep what elements are. */
const KEEPS_ELEMENTS: ReadonlySet<string> = new Set(['array', 'emptyArrayToSingle'])

/** Functions of other families that give plain elements, too. */
const PLAIN_ELEMENTS: ReadonlySet<string> = new Set([
  'reverse', 'mapKeys', 'mapValues', 'mapApply', 'mapUpdate', 'mapExtractKeyLike', 'mapExtractValueLike'])

const OF_ARRAYS: readonly (readonly FunctionDef[])[] = [ARRAYS, HIGHER_ORDER, ARRAY_FORMS, ARRAY_LAMBDAS, ARRAY_MEASURES,
  ARRAY_FOLD, ARRAY_REDUCE]

const defs = FAMILIES.flatMap((family) => family.map((def) =>
  (PLAIN_ELEMENTS.has(def.name) || (OF_ARRAYS.includes(family) && !KEEPS_ELEMENTS.has(def.name)) ? overPlainElements(def) : def)))

const functions = new NameTable(defs, (_, name) => ANY_CASE.has(name.toLowerCase()))

/** The function of a name or alias; null where there is none. */
export const findFunction = (name: string): FunctionDef | null => functions.find(name)

/** All functions, for documents and tests; not those that the analyzer alone calls. */
export const functionDefs = (): readonly FunctionDef[] => functions.defs().filter(({ name }) => !name.startsWith('__'))

/** Every name that findFunction and findAggregate know, for suggestions. */
export const functionNames = (): readonly string[] =>
  [...functions.names(), ...aggregateNames()]
