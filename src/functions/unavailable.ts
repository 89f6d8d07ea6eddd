// Functions that ClickHouse has and Pipit has not on purpose, with the reason and what to do instead: said
// by the analyzer in place of "unknown function", and by docs/sql.md.
// Invariant: no name here is one of the registry's.

const REASONS: readonly (readonly [pattern: RegExp, names: string, reason: string])[] = [
  [/^dict(Get|Has|Is)\w*$/, 'dictGet…, dictHas, dictIsIn', 'there are no dictionaries: join the data source that holds the values'],
  [/^region(To|In|Hierarchy)\w*$/, 'regionTo…', 'there are no embedded dictionaries of regions'],
  [/^(neighbor|running(Difference\w*|Accumulate|Concurrency))$/, 'neighbor, runningDifference, runningAccumulate',
    'it depends on blocks, and ClickHouse refuses it, too: use a window function such as lagInFrame'],
  [/^(file|url|s3|hdfs|remote|cluster)$/, 'file', 'it would read files or the network'],
  [/^(catboostEvaluate|evalMLMethod|naiveBayes\w*|ai[A-Z]\w*|AI[A-Z]\w*)$/, 'catboostEvaluate, evalMLMethod, ai…', 'there are no models'],
  [/^(sleep|sleepEachRow|logTrace|throwIfTimeout)$/, 'sleep, sleepEachRow, logTrace', 'a query works for its answer only'],
  [/^(s2|geoToS2|S2|MVT|ST_AsMVT)\w*$/, 's2…, MVTEncode …', 'they are not there: use cells of H3 (geoToH3) or geohashEncode'],
  [/^(addressTo\w+|demangle|tid|showCertificate|zookeeper\w+|tcpPort|getServer\w+|getMacro|getMergeTreeSetting)$/,
    'addressToLine, tcpPort, getMacro …', 'it tells of a ClickHouse server'],
  [/^(toBFloat16\w*|(de)?quantize\w+|\w+Transposed(Quantized)?)$/, 'toBFloat16, …Transposed',
    'the type BFloat16 is not there: use Float32'],
  [/^timeSeries(\w*Tags?\w*|IdTo\w+|GroupTo\w+|ThrowDuplicateSeriesIf)$/, 'timeSeriesTagsToGroup, timeSeriesIdToTags …',
    'there is no TimeSeries engine: keep tags in columns or a map'],
  [/^(fuzzQuery|obfuscateQuery\w*|highlightQuery|tokenizeQuery|structureTo\w+)$/,
    'tokenizeQuery, highlightQuery …', 'it writes queries as text'],
  [/^(transaction\w+|serverUUID|(current|initial)?_?[qQ]uery_?(ID|id)|initialQueryStartTime|initial_query_start_time|filesystem\w+|buildId|revision|FQDN|fullHostName|connection_?I?i?d|getOSKernelVersion|displayName|enabledProfiles|defaultProfiles|blockSerializedSize|hasColumnInTable|hasThreadFuzzer|authenticatedUser|authUser)$/,
    'queryID, serverUUID …', 'it tells of a ClickHouse server'],
  [/^\w*SubdomainCustom\w*$/, '…SubdomainCustom', 'there are no lists of top-level domains to choose from: use cutToFirstSignificantSubdomain'],
  [/^numericIndexedVectorShortDebugString$/, 'numericIndexedVectorShortDebugString', 'it is a part of ClickHouse that shows itself: use numericIndexedVectorToMap'],
  [/^(__\w+|(global)?(not)?(null)?inIgnoreSet|toColumnTypeName|dumpColumnStructure|getTypeSerializationStreams|lowCardinality(Keys|Indices)|block(Number|Size)|partitionI[dD]|mergeTreePartInfo|isMergeTreePartCoveredBy|getMaxTableNameLengthForDatabase|tokensForLikePattern|validateNestedArraySizes|generateRandomStructure|nothing(Null|UInt64)?|aggThrow|estimateCompressionRatio|flameGraph)$/i,
    'inIgnoreSet, blockNumber, partitionId, nothing …', 'it is a part of ClickHouse that shows itself: nothing of it is kept here'],
  [/^(chdb|getClientHTTPHeader|errorCodeToName|globalVariable|generateSerialID)$/, 'errorCodeToName, globalVariable …', 'it tells of a ClickHouse server'],
  [/^isDynamicElementInSharedData$/, 'isDynamicElementInSharedData', 'it is a part of ClickHouse that shows itself: nothing of it is kept here'],
  [/^randomHadamardTransform$/, 'randomHadamardTransform', 'it is not there: it prepares vectors for the type QBit'],
  [/^(stochasticLinearRegression|stochasticLogisticRegression)$/, 'stochasticLinearRegression …', 'there are no models: use simpleLinearRegression'],
]

/** Why there is no function of this name; null where nothing is known of it. */
export function unavailable(name: string): string | null {
  const found = REASONS.find(([pattern]) => pattern.test(name))
  return found === undefined ? null : `Function ${name} is not available: ${found[2]}`
}

/** The names and reasons, for documents. */
export const unavailableRows = (): readonly (readonly [names: string, reason: string])[] =>
  REASONS.map(([, names, reason]) => [names, reason])
