-- Whole numbers as text beyond their type: toX and CAST keep the low bits, OrNull and OrZero refuse up to 64 bits.
SELECT toInt8('128'), toInt8('-129'), toInt8('256'), toInt8('300'), toUInt8('256'), toUInt16('65536'), toInt16('70000')
SELECT toInt32('2147483648'), toInt32('9999999999'), toUInt32('4294967296'), toInt64('9223372036854775808')
SELECT toInt64('99999999999999999999999'), toUInt64('18446744073709551616'), toInt64('-9223372036854775809')
SELECT CAST('128' AS Int8), '300'::UInt8, CAST(materialize('128') AS Int8), toUInt8(toFixedString('300', 5))
SELECT toInt8OrNull('128'), toInt8OrZero('128'), toUInt8OrNull('256'), toInt64OrNull('9223372036854775808'), toUInt64OrZero('18446744073709551616')
SELECT toInt128('170141183460469231731687303715884105728'), toUInt128('340282366920938463463374607431768211456')
SELECT toInt128OrNull('170141183460469231731687303715884105728'), toUInt256OrZero('-1'), accurateCastOrNull('340282366920938463463374607431768211456', 'UInt128')
SELECT CAST('128' AS Nullable(Int8)), accurateCastOrNull('256', 'UInt8'), toInt32(toLowCardinality('2147483648'))
SELECT CAST('[128, 300]' AS Array(Int8)), CAST('(300, 1)' AS Tuple(UInt8, Int8)), CAST('[300]' AS Array(Nullable(UInt8)))
! SELECT toUInt8('-1')
! SELECT accurateCast('128', 'Int8')
SELECT toInt8(1) IN ('128')
! SELECT CAST('{\'a\':3}' AS Map(String, UInt8))
-- A tuple of two arrays is a map.
SELECT CAST((['a','b'], [1,2]) AS Map(String, UInt32)), CAST(([], []), 'Map(String, UInt8)')
SELECT CAST(([id, 2], [n, i]), 'Map(UInt32, Nullable(String))') FROM ev ORDER BY id
SELECT CAST((a, a), 'Map(String, String)'), CAST((groupArray(id), groupArray(k)), 'Map(UInt32, String)') FROM ev GROUP BY a ORDER BY a
! SELECT CAST(([1,2], ['Ready']), 'Map(UInt8, String)')
! SELECT CAST(tuple([1]), 'Map(UInt8, String)')
-- Texts in IN that are no UUID or address.
! SELECT toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') IN ('bad')
! SELECT materialize(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')) IN ('bad', '61f0c404-5cb3-11e7-907b-a6006ad3dba0')
! SELECT toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') NOT IN ['']
! SELECT toIPv6('::1') IN ('bad')
SELECT toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') IN ('61f0c4045cb311e7907ba6006ad3dba0'), toIPv6('::1') IN ('::1', '1.2.3.4')
-- Searches in Enums.
SELECT CAST(id % 2 + 1, 'Enum8(\'a\'=1,\'bc\'=2)') AS e, e LIKE 'a%', e ILIKE 'B%', e NOT LIKE 'b%', position(e, 'c'), match(e, 'b.') FROM ev ORDER BY id
SELECT CAST(id % 2 + 1, 'Nullable(Enum8(\'a\'=1,\'bc\'=2))') AS e, e LIKE 'a%', countSubstrings(e, 'c'), hasToken(e, 'bc') FROM ev ORDER BY id
SELECT count() FROM ev WHERE CAST(id % 2 + 1, 'Enum16(\'a\'=1,\'bc\'=2)') LIKE '%c'
! SELECT locate(CAST('bc', 'Enum8(\'a\'=1,\'bc\'=2)'), 'c')
! SELECT 'abc' LIKE CAST('a', 'Enum8(\'a\'=1,\'bc\'=2)')
-- Beginnings of periods of a Date32.
SELECT date_trunc('week', toDate32('2024-05-01')), date_trunc('month', toDate32('1920-05-05')), date_trunc('day', toDate32('1920-05-05')), date_trunc('quarter', toDate32('2290-05-01'))
SELECT date_trunc('week', toDateTime64('1920-05-05 11:11:11', 3, 'UTC')), date_trunc('year', toDate32('1900-01-01')), date_trunc('day', toDate('2020-01-01'))
SELECT date_trunc('week', toDate32(d)), date_trunc('month', toDateTime64(t, 3, 'Asia/Tokyo')), date_trunc('day', toDate32(d), 'Asia/Tokyo') FROM ev ORDER BY id
! SELECT date_trunc('hour', toDate32('2024-05-01'))
! SELECT date_trunc('hour', toDate('2024-05-01'))
-- Rows as text.
SELECT formatRow('CSV', id, k, n, a, i / 2) FROM ev ORDER BY id
SELECT formatRow('JSONEachRow', id, n, k AS b, a, f * 2, toUInt64(5) AS c) FROM ev ORDER BY id
SELECT formatRowNoNewline('JSONCompactEachRow', id, n, (k, f)), formatRowNoNewline('Values', id, n, k, a) FROM ev ORDER BY id
SELECT formatRow('TSV', id, 'a\tb', n, a), formatRow('tsvraw', 'a\tb', d), formatRow('CSV', k), toTypeName(formatRow('CSV', k)) FROM ev ORDER BY id
SELECT k, groupArray(formatRowNoNewline('CSV', id, s)) FROM ev GROUP BY k ORDER BY k
SELECT arrayMap(y -> formatRowNoNewline('CSV', y, y + 1), [1, 2])
SELECT formatRow('JSONEachRow', *, 1 AS z, COLUMNS('a|k')), formatRow('JSONEachRow', e.* EXCEPT (a)), formatRow('CSV', untuple((1 AS x, 2 AS y))) FROM ev AS e ORDER BY id
! SELECT formatRow('CSV')
! SELECT formatRow('Nope', 1)
! SELECT formatRow(k, id) FROM ev
-- Letters of formats.
SELECT formatDateTime(t, '%g %G %V %k %l %h %I %%'), formatDateTime(d, '%g|%G|%k|%l') FROM ev ORDER BY id
SELECT formatDateTime(toDate32('1920-12-30'), '%g|%G|%C|%y|%s'), formatDateTimeInJodaSyntax(toDateTime('2024-12-30 15:06:07', 'UTC'), 'xxxx ww')
! SELECT formatDateTime(t, '%Y%') FROM ev
! SELECT formatDateTime(d, '%Y%z') FROM ev
-- Keys of sumMap that are NULL.
SELECT sumMap([1, NULL, 2, 1], [10, 20, 30, 40]), minMap([1, NULL, 1], [10, 20, 3]), maxMap([NULL, 'a'], [2, 3]), sumMapFiltered([1])([1, NULL], [2, 3])
SELECT k, sumMap([n, 0], [i, 1]), sumMap([if(n > 0, NULL, k)], [1]) FROM ev GROUP BY k ORDER BY k
-- Rows of more formats.
SELECT formatRow('JSONStringsEachRow', id, s, n, a), formatRow('JSONCompactStringsEachRow', id, s, n, f, t), formatRow('CustomSeparated', id, s, n, a), formatRowNoNewline('JSONStringsEachRow', k), formatRow('JSONStringsEachRow', 'a"b', NULL::Nullable(Int8), [1], 'x' AS y), formatRow('JSONCompactStringsEachRow', NULL::Nullable(String), ['a'], (1, 'b')) FROM ev ORDER BY id LIMIT 3
SELECT formatRow('TSKV', id, n, k AS `a'b=c`, a, f * 2, 'x=y\\' AS t, s), formatRowNoNewline('TSKV', id, 'it''s' AS b) FROM ev ORDER BY id
SELECT formatRow('SQLInsert', id, n, k AS b, a, t, 'it''s', NULL), formatRowNoNewline('SQLInsert', f, d) FROM ev ORDER BY id
SELECT formatRow('Vertical', id, n, k AS `日本`, a, i * 1000000, f, s), formatRowNoNewline('Vertical', u, NULL AS b) FROM ev ORDER BY id
SELECT formatRow('Markdown', id, n, k AS `it's|`, a, d, f, s, 'a|b\tc'), formatRowNoNewline('MD', t, toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS b) FROM ev ORDER BY id
SELECT formatRow('CSVWithNames', id, (1, 'x') AS p, s), formatRow('CSVWithNamesAndTypes', id, k AS `a"b`, n), formatRowNoNewline('CSVWithNamesAndTypes', t) FROM ev ORDER BY id
SELECT formatRow('TSVWithNames', id, s AS `it's`), formatRow('TabSeparatedWithNamesAndTypes', id, k, n, t), formatRow('TSVRawWithNames', 'a\tb' AS `x\ty`), formatRow('RawWithNamesAndTypes', id) FROM ev ORDER BY id
SELECT formatRow('CustomSeparatedWithNames', id, s), formatRow('JSONCompactEachRowWithNames', id, k, a), formatRow('JSONCompactEachRowWithNamesAndTypes', id, k, t), formatRow('JSONCompactStringsEachRowWithNamesAndTypes', id, n) FROM ev ORDER BY id
SELECT formatRow('JSONEachRowWithProgress', id, n, k AS b), formatRow('JSONStringsEachRowWithProgress', id, a), formatRow('JSONCompactEachRowWithProgress', id, f), formatRowNoNewline('LineAsString', id, s) FROM ev ORDER BY id
! SELECT formatRow('ValuesWithNames', 1)
-- Digits after the second as the second argument of toDateTime make a DateTime64, as those of parseDateTimeBestEffort do.
SELECT toDateTime('2024-01-01 00:00:00.123', 3), toDateTime('1700000000', 3), toDateTime(1.5, 3), toDateTime(toDate('2024-01-01'), 6)
SELECT toTypeName(toDateTime(1700000000, 6, 'Europe/Madrid')), toTypeName(toDateTime('2024-01-01 00:00:00', 0)), toTypeName(toDateTime('2024-01-01 00:00:00', 0, 'Asia/Tokyo'))
SELECT toYYYYMM(toDateTime(toString(1700000000 + id), 3)), toDateTime(toNullable('2024-01-01 00:00:00.5'), 1) FROM ev ORDER BY id
SELECT parseDateTimeBestEffort('2024-01-01 00:00:00.123', 3), parseDateTimeBestEffortOrNull('2024-01-01T00:00:00.123Z', 3), parseDateTimeBestEffortOrNull('x', 3), parseDateTimeBestEffortOrZero('x', 2)
SELECT toTypeName(parseDateTimeBestEffort('2024-01-01', 0)), toTypeName(parseDateTimeBestEffort('2024-01-01 00:00:00.123', 3, 'Asia/Tokyo'))
SELECT dateDiff('millisecond', parseDateTimeBestEffort('2024-01-01 00:00:00.123', 3), toDateTime64('2024-01-01 00:00:01', 3))
! SELECT toDateTime(1, 10)
! SELECT toDateTime('2024-01-01 00:00:00.123', 'UTC', 3)
! SELECT toDateTime32(1, 3)
! SELECT toDateTimeOrNull('2024-01-01 00:00:00.123', 3)
! SELECT parseDateTimeBestEffort('2024-01-01 00:00:00.123', 12)
! SELECT parseDateTimeBestEffortUS('2024-01-01 00:00:00.123', 3)
-- Places of elements are numbers of 32 bits; a constant beside a dictionary stays one.
SELECT JSONExtractUInt('[1,2]', 9007199254740993), JSONExtractUInt('[1,2]', 4294967298), JSONExtractUInt('[1,2]', 2147483649), JSONExtractUInt('[1,2]', -4294967295), JSONHas('[1,2]', 4294967297), JSONExtractUInt('[1,2]', materialize(toUInt64(4294967297) + id)), JSONLength('[[5]]', 4294967297), JSONExtractInt('[1,2]', materialize(18446744073709551615)) FROM ev ORDER BY id LIMIT 3
SELECT nullIf('k1', k) AS x, toTypeName(x), nullIf(k, 'k1') AS y, toTypeName(y), toTypeName(nullIf(s, k)), toTypeName(nullIf(k, s)), toTypeName(nullIf('day', toLowCardinality('day'))), toTypeName(nullIf(materialize('k1'), k)), nullIf(5, toLowCardinality(toUInt8(id))) AS z, toTypeName(z) FROM ev ORDER BY id LIMIT 10 SETTINGS allow_suspicious_low_cardinality_types = 1
