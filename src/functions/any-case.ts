// The names of functions that ClickHouse takes in any case; of all others the case matters.
// Names in lower case. test/cases/names.test.ts compares them with the oracle.

const NAMES = `
  _cast abs acos adddate age array_remove array_to_string arraypartialshuffle arrayshuffle
  ascii asin atan atan2 avg2 bin byteslice byteswap cardinality cast ceil ceiling char
  char_length character_length chdb coalesce concat concat_ws connection_id connectionid cos
  countsubstrings crc32 crc32ieee crc64 curdate current_database current_date current_query_id
  current_schemas current_timestamp current_user currentschemas database date date_bin
  date_format date_trunc datediff datename day dayofmonth dayofweek dayofyear degrees
  distancecosine distancecosinetransposed distancel1 distancel2 distancel2squared
  distancel2transposed distancelinf distancelp exp factorial firstnondefault flatten floor
  format_bytes fqdn from_base64 from_days from_unixtime from_utc_timestamp greatest
  hassubsequence hassubsequencecaseinsensitive hassubsequencecaseinsensitiveutf8
  hassubsequenceutf8 hastokencaseinsensitive hastokencaseinsensitiveornull hex hmac hour hypot
  if ifnull inet6_aton inet6_ntoa inet_aton inet_ntoa initcap initial_query_id
  initial_query_start_time instr ismergetreepartcoveredby isnull json_array_length last_day
  lcase least left length ln localtime localtimestamp locate log log10 log2 lower lpad
  makedate makedate32 makedatetime makedatetime64 max2 mergetreepartinfo microsecond mid
  midpoint millisecond min2 minute mod modornull month monthname nanosecond natural_sort_key
  normalizel1 normalizel2 normalizelinf normalizelp norml1 norml2 norml2squared normlinf
  normlp not now now64 nullif octet_length overlay pi pmod pmodornull position positive_modulo
  positive_modulo_or_null positivemodulo positivemoduloornull pow power quarter query_id
  radians rand regexp_extract regexp_instr regexp_matches regexp_replace regexp_substr
  regexpinstr repeat replace reverse revision right round rpad scalarproduct
  scalarproducttransposed schema second session_user sign sin soundex space sqr sqrt
  str_to_date str_to_map subdate substr substring substring_index tan tanh time_bucket
  timediff timestamp timezone timezone to_base64 to_days to_unixtime to_utc_timestamp today
  todecimalstring trunc truncate ucase unbin unhex unnest upper user utc_timestamp
  utctimestamp vectordifference vectorsum version week width_bucket year yearweek
  yyyymmddhhmmsstodatetime yyyymmddtodate yyyymmddtodate32
`

// What ClickHouse's parser reads as words of the language, whatever their case.
const WORDS = `
  substring position extract trim ltrim rtrim timestamp dateadd date_add timestampadd
  timestamp_add datesub date_sub timestampsub timestamp_sub datediff date_diff timestampdiff
  timestamp_diff
`

/** Lower-case names that may be written in any case. */
export const ANY_CASE: ReadonlySet<string> = 
  new Set(`${NAMES}${WORDS}`.trim().split(/\s+/))
