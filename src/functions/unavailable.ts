// Functions that ClickHouse has and Pipit has not on purpose, with the reason and what to do instead: said
// by the analyzer in place of "unknown function", and by docs/sql.md.
// Invariant: no name here is one of the registry's.

const REASONS: readonly (readonly [pattern: RegExp, names: string, reason: string])[] = [
  [/^dict(Get|Has|Is)\w*$/, 'dictGet…, dictHas, dictIsIn', 'there are no dictionaries: join the data source that holds the values'],
  [/^joinGet(OrNull)?$/, 'joinGet', 'there is no Join engine: join the data source'],
  [/^region(To|In|Hierarchy)\w*$/, 'regionTo…', 'there are no embedded dictionaries of regions'],
  [/^(neighbor|running(Difference\w*|Accumulate|Concurrency))$/, 'neighbor, runningDifference, runningAccumulate',
    'it depends on blocks, and ClickHouse refuses it, too: use a window function such as lagInFrame'],
  [/^(file|url|s3|hdfs|remote|cluster)$/, 'file', 'it would read files or the network'],
  [/^(catboostEvaluate|evalMLMethod|naiveBayes\w*|ai[A-Z]\w*|AI[A-Z]\w*)$/, 'catboostEvaluate, evalMLMethod, ai…', 'there are no models'],
  [/^(sleep|sleepEachRow|logTrace|throwIfTimeout)$/, 'sleep, sleepEachRow, logTrace', 'a query works for its answer only'],
  [/^(multiFuzzyMatch\w+)$/, 'multiFuzzyMatch…', 'fuzzy patterns are not searched: use ngramSearch, or multiMatchAny for exact ones'],
  [/^(h3|geoToH3|stringToH3|s2|geoToS2|S2|MVT|UTM|MGRS|geoToUTM|geoToMGRS)\w*$/, 'h3…, s2…', 'grids of the earth are not there: use geohashEncode'],
  [/^(polygon|readWK[BT]|wk[bt]|svg|areaSpherical|areaCartesian|perimeter)\w*$/, 'polygons…, readWKT…, wkt', 'polygons are not there but for pointInPolygon'],
  [/^(addressTo\w+|demangle|tid|showCertificate|zookeeper\w+|tcpPort|getServer\w+|getMacro|getMergeTreeSetting)$/,
    'addressToLine, tcpPort, getMacro …', 'it tells of a ClickHouse server'],
  [/^(toTime(64)?(Or(Null|Zero))?|toTimeWithFixedDate|toBFloat16\w*|(de)?quantize\w+|\w+Transposed(Quantized)?)$/, 'toTime, toBFloat16, …Transposed',
    'the types Time, Time64 and BFloat16 are not there: use formatDateTime, or Float32'],
  [/^((tumble|hop)(Start|End)?|windowID)$/, 'tumble, hop', 'there are no window views: use toStartOfInterval'],
  [/^timeSeries\w+$/, 'timeSeries…', 'there is no TimeSeries engine: use window functions'],
  [/^((ngram|wordShingle)(Sim|Min)Hash\w*|sparseGrams\w*|naturalSortKey)$/, 'ngramSimHash, sparseGrams …',
    'fingerprints of n-grams are not there: use ngramDistance, or cityHash64 of tokens'],
  [/^(formatRow\w*|formatQuery\w*|fuzzQuery|obfuscateQuery\w*|normalize\w*Query\w*|highlight\w*|tokenizeQuery|structureTo\w+)$/,
    'formatRow, formatQuery …', 'it writes rows or queries as text: use FORMAT, or toJSONString'],
  [/^(transaction\w+|serverUUID|(current|initial)?_?[qQ]uery_?(ID|id)|initialQueryStartTime|initial_query_start_time|filesystem\w+|buildId|revision|FQDN|fullHostName|connection_?I?i?d|getOSKernelVersion|displayName|enabledProfiles|defaultProfiles|blockSerializedSize|hasColumnInTable|hasThreadFuzzer|authenticatedUser|authUser)$/,
    'queryID, serverUUID …', 'it tells of a ClickHouse server'],
  [/^\w*SubdomainCustom\w*$/, '…SubdomainCustom', 'there are no lists of top-level domains to choose from: use cutToFirstSignificantSubdomain'],
  [/^numericIndexedVector\w*$/, 'numericIndexedVector…', 'numeric indexed vectors are not there: use maps with sumMap'],
]

/** Why there is no function of this name; null where nothing is known of it. */
export function unavailable(name: string): string | null {
  const found = REASONS.find(([pattern]) => pattern.test(name))
  return found === undefined ? null : `Function ${name} is not available: ${found[2]}`
}

/** The names and reasons, for documents. */
export const unavailableRows = (): readonly (readonly [names: string, reason: string])[] =>
  REASONS.map(([, names, reason]) => [names, reason])
