// Functions and aggregates by name. The analyzer finds them here and puts canonical names into the
// plan; the executor finds them again by those.
// Invariant: a canonical name is found by itself; case matters unless the record says otherwise.

import { aggregateNames } from './aggregate-registry.ts'
import { ANY_CASE } from './any-case.ts'
import { ARITHMETIC } from './arithmetic.ts'
import { ACCURATE_CASTS } from './accurate-cast.ts'
import { ARRAY_FOLD } from './array-fold.ts'
import { ARRAY_FORMS } from './array-forms.ts'
import { ARRAY_LAMBDAS } from './array-lambdas.ts'
import { ARRAY_MEASURES } from './array-measures.ts'
import { ARRAY_RANKS } from './array-ranks.ts'
import { ARRAY_REDUCE } from './array-reduce.ts'
import { ARRAYS } from './arrays.ts'
import { BIT_FORMS } from './bit-forms.ts'
import { BIT_SHIFTS } from './bit-shifts.ts'
import { BITMAPS } from './bitmaps.ts'
import { CHARSETS } from './charsets.ts'
import { CHOOSING } from './choosing.ts'
import { COLORS } from './colors.ts'
import { FINANCE } from './finance.ts'
import { PRETTY_JSON } from './pretty-json.ts'
import { TEXT_MARKS } from './text-marks.ts'
import { TIME_RANGES } from './time-ranges.ts'
import { TIME_WINDOWS } from './time-windows.ts'
import { COMPARISON } from './comparison.ts'
import { CONDITIONAL } from './conditional.ts'
import { CONVERSION } from './conversion.ts'
import { DATE_ARITHMETIC } from './date-arithmetic.ts'
import { DATE_FORMS } from './date-forms.ts'
import { DATE_INTERVALS } from './date-intervals.ts'
import { DATE_MORE } from './date-more.ts'
import { DATE_PARSE } from './date-parse.ts'
import { DATE_PARTS } from './date-parts.ts'
import { DATE_TEXT } from './date-text.ts'
import { DEFAULTS } from './defaults.ts'
import { ENCODING } from './encoding.ts'
import { DECIMAL_MORE } from './decimal-more.ts'
import { ENCRYPTION } from './encryption.ts'
import { EXPERIMENTS } from './experiments.ts'
import { HTML } from './html.ts'
import { JSON_TYPES } from './json-types.ts'
import type { FunctionDef } from './function.ts'
import { GEOMETRY_BYTES } from './geometry-bytes.ts'
import { FUZZY_MATCH } from './fuzzy-match.ts'
import { GEO } from './geo.ts'
import { GEOMETRY } from './geometry.ts'
import { H3_CELLS } from './h3-cells.ts'
import { HASHES } from './hashes.ts'
import { HIGHER_ORDER } from './higher-order.ts'
import { ICEBERG } from './iceberg.ts'
import { INDEXED_VECTOR_FUNCTIONS } from './indexed-vector-functions.ts'
import { IP_NUMBERS } from './ip-numbers.ts'
import { IP } from './ip.ts'
import { JSON_MORE } from './json-more.ts'
import { JSON_PATHS } from './json-paths.ts'
import { JSON_FUNCTIONS } from './json.ts'
import { LOGICAL } from './logical.ts'
import { MAP_FORMS } from './map-forms.ts'
import { MAP_LAMBDAS } from './map-lambdas.ts'
import { MATH } from './math.ts'
import { MULTI_SEARCH } from './multi-search.ts'
import { NameTable } from './name-table.ts'
import { NUMBER_FORMS } from './number-forms.ts'
import { NUMBER_MORE } from './number-more.ts'
import { FORMAT_ROW } from './format-row.ts'
import { WRITTEN_VALUES } from './written-values.ts'
import { overPlainElements } from './plain-elements.ts'
import { POLYGONS } from './polygons.ts'
import { QUERY_TEXTS } from './query-texts.ts'
import { RANDOM } from './random.ts'
import { REGEXP_FUNCTIONS } from './regexp-functions.ts'
import { REINTERPRET } from './reinterpret.ts'
import { SEASONAL_TREND } from './seasonal-trend.ts'
import { SIMPLE_JSON } from './simple-json.ts'
import { SPARSE_GRAMS } from './sparse-grams.ts'
import { SQIDS } from './sqids.ts'
import { STATE_FUNCTIONS } from './state-functions.ts'
import { STRING_FORMS } from './string-forms.ts'
import { STRING_MORE } from './string-more.ts'
import { STRING_SEARCH } from './string-search.ts'
import { STRING_SPLIT } from './string-split.ts'
import { STRINGS } from './strings.ts'
import { TEXT_FINGERPRINTS } from './text-fingerprints.ts'
import { TUPLE_FORMS } from './tuple-forms.ts'
import { TUPLE_MATH } from './tuple-math.ts'
import { TUPLES_MAPS } from './tuples-maps.ts'
import { URLS } from './urls.ts'
import { UTM } from './utm.ts'
import { VARIANTS } from './variants.ts'
import { VALUE_FACTS } from './value-facts.ts'

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
