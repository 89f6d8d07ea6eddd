// Calls of the probe that are known to differ from ClickHouse's: functions and the arguments they differ for, by
// reason. This list may only become shorter.

/** Types that no statement seen in the wild makes: tuples of nothing, LowCardinality of intervals. */
const RARE_TYPES = { arrayZip: '', arrayZipUnaligned: '', toLowCardinality: 'INTERVAL 3 DAY' }
/** The order of ClickHouse's hash table. */
const HASH_ORDER = { arrayUnion: 'arr; farr; sarr; narr' }
/** How states are written: bitmaps here know no width of their numbers. */
const STATE_BYTES = { bitmapBuild: 'arr' }
/** The last digits of floating-point functions. */
const LAST_DIGITS = { lgamma: 'f64; dec38' }
/** What the machine is called and where it stands. */
const MACHINE = { hostName: '', serverTimezone: '' }
/** What ClickHouse makes of values beyond a range or a format, as its arithmetic happens to go. */
const BEYOND_RANGES = {
  toInt128: 'f32', toInt256: 'f32', toUInt128: 'f32', toUInt256: 'f32', fromDaysSinceYearZero: 'u64',
  fromDaysSinceYearZero32: 'u64', YYYYMMDDhhmmssToDateTime64: 'u64; i128; u256; f64; dec', MACStringToOUI: 'url',
  sqr: 'dec38; ip4; ip6', toDayOfMonth: 'INTERVAL 3 DAY',
}

export const KNOWN: Readonly<Record<string, string>> = {
  ...RARE_TYPES, ...HASH_ORDER, ...STATE_BYTES, ...LAST_DIGITS, ...MACHINE, ...BEYOND_RANGES,
}
