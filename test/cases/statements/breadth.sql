-- Functions that are rarely called.
SELECT hex(MD4('')), hex(MD4('abc')), toTypeName(MD4('a')), hex(MD4(repeat('1234567890', 8))), hex(MD4(repeat('x', 55))), hex(MD4(repeat('x', 56))), hex(MD4(repeat('x', 64))), hex(MD4(s)) FROM ev ORDER BY id LIMIT 3
SELECT xxh3_128(''), xxh3_128('a'), xxh3_128('ab'), xxh3_128('abc'), xxh3_128('abcd'), xxh3_128('abcdefgh'), xxh3_128('abcdefghi'), xxh3_128('abcdefghijklmnop'), xxh3_128(repeat('a', 17)), xxh3_128(repeat('ab', 16)), xxh3_128(repeat('abc', 20)), xxh3_128(repeat('abc', 30)), xxh3_128(repeat('ab', 64)), xxh3_128(repeat('abc', 43)), xxh3_128(repeat('ab', 80)), xxh3_128(repeat('abc', 80)), xxh3_128(repeat('abc', 81)), xxh3_128(repeat('abcde', 500))
SELECT xxh3_128(1), xxh3_128('a', 'b'), xxh3_128([1, 2]), xxh3_128((1, 'a')), xxh3_128(NULL), xxh3_128(1.5, toUInt64(7)), xxh3_128(s, i), toTypeName(xxh3_128(k)) FROM ev ORDER BY id LIMIT 3
SELECT xxHash64Spark('a'), xxHash64Spark(''), xxHash64Spark('Spark SQL is a long text of more than 32 bytes'), xxHash64Spark(toNullable('abc')), xxHash64Spark(NULL), xxHash64Spark(k), toTypeName(xxHash64Spark(k)) FROM ev ORDER BY id LIMIT 3
! SELECT xxHash64Spark(1)
! SELECT xxHash64Spark('a', 'b')
! SELECT xxHash64Spark(toFixedString('ab', 3))
! SELECT MD4(1)
SELECT arrayEnumerateUniqRanked([1, 2, 1]), arrayEnumerateUniqRanked(1, [[1, 2], [2]], 2), arrayEnumerateUniqRanked([[1, 2], [2]], 1), arrayEnumerateDenseRanked([[1, 2], [2]], 1), arrayEnumerateUniqRanked([[1, 2], [2]], [5, 6]), arrayEnumerateUniqRanked(2, [[1, 2], [2]], [5, 6]), toTypeName(arrayEnumerateDenseRanked([[1, 2], [2]])), arrayEnumerateUniqRanked(1, [[[1, 2], [2]], [[1]]], 2), arrayEnumerateUniqRanked(2, [[[1, 2], [2]], [[1]]], 3), arrayEnumerateUniqRanked(3, [[[1, 2], [2]], [[1]]], 3), arrayEnumerateUniqRanked([[], [1], [], [1, 1]]), arrayEnumerateUniqRanked([NULL, 1, NULL]), arrayEnumerateUniqRanked(NULL)
SELECT arrayEnumerateDenseRanked(1, [[10, 10, 30, 20], [40, 50, 10, 30]], 2), arrayEnumerateDenseRanked(2, [[10, 10, 30, 20], [40, 50, 10, 30]], 2), arrayEnumerateUniqRanked([['hello', 'world'], ['hello'], ['world'], ['world']], ['a', 'b', 'b', 'b']), arrayEnumerateUniqRanked([['hello', 'world'], ['hello'], ['world'], ['world']], 1, ['a', 'b', 'b', 'b'], 1), arrayEnumerateUniqRanked(a), arrayEnumerateDenseRanked(1, [a, a], 2), arrayEnumerateUniqRanked(2, [a, [k], a], 2) FROM ev ORDER BY id LIMIT 5
! SELECT arrayEnumerateUniqRanked(1)
! SELECT arrayEnumerateUniqRanked([1], 2)
! SELECT arrayEnumerateUniqRanked(0, [1])
! SELECT arrayEnumerateUniqRanked(2, [1])
! SELECT arrayEnumerateUniqRanked([1], [1, 2])
! SELECT arrayEnumerateUniqRanked(2, [[1, 2], [1]], 1)
! SELECT arrayEnumerateUniqRanked([1], 1, 1)
! SELECT arrayEnumerateUniqRanked(1, 1, [1])
! SELECT arrayEnumerateUniqRanked('a')
! SELECT arrayEnumerateUniqRanked([1], 0)
SELECT arrayNormalizedGini([0.9, 0.3, 0.8, 0.7], [6, 1, 0, 2]), arrayNormalizedGini([1, 2], [1, 2]), arrayNormalizedGini([1, 2, 3], [0, 0, 0]), arrayNormalizedGini([0.2, 0.1, 0.4]::Array(Float32), [3, 4, 5.5]), toTypeName(arrayNormalizedGini([1], [2]))
! SELECT arrayNormalizedGini([1], [1, 2])
! SELECT arrayNormalizedGini(['a'], [1])
! SELECT arrayNormalizedGini(1, [1])
SELECT naturalSortKey('file2.txt'), naturalSortKey('a001b12'), naturalSortKey('000'), naturalSortKey(''), naturalSortKey('1.5'), naturalSortKey('-5'), NATURAL_SORT_KEY('ä1é'), natural_sort_key('x0.05'), toTypeName(naturalSortKey(k)), naturalSortKey(toNullable('a1')) FROM ev LIMIT 1
SELECT n, naturalSortKey(concat('x', repeat('7', n))) FROM (SELECT arrayJoin([1, 8, 9, 10, 17, 18, 19, 20, 21, 22, 26, 27, 36, 99, 100, 101, 1000]) AS n)
SELECT s FROM ev ORDER BY naturalSortKey(s), id LIMIT 20
! SELECT naturalSortKey(1)
! SELECT naturalSortKey(toFixedString('a1', 3))
SELECT highlight('the Quick brown quick', ['quick', 'ick b'], '[', ']'), highlight('the quick brown', ['QUICK', 'own']), highlight('aaaa', ['aa', '']), highlight('', ['a']), highlight('ababab', ['ab']), highlight('ÄäA', ['ä']), highlight(concat(s, u), ['s1', 'U2']) FROM ev ORDER BY id LIMIT 5
! SELECT highlight('the quick brown', 'quick')
! SELECT highlight('a', ['a'], '<b>')
! SELECT highlight('a', a) FROM ev
! SELECT highlight(1, ['a'])
! SELECT highlight('a', [1])
! SELECT highlight('x', [])
SELECT decodeHTMLComponent('&lt;a&gt; &amp;&nbsp;&eacute;&#123;&#x41;&notanentity;&copy &CounterClockwiseContourIntegral;&acE;'), decodeHTMLComponent('&#0;a&#1114112;b&#x20AC;c&#65e&#;&#x;&amp&AMP;&Amp;&lt'), decodeHTMLComponent('&fjlig;&nGt;&there4;&frac12;&Hat;'), decodeHTMLComponent(concat(s, '&euro;')), toTypeName(decodeHTMLComponent(k)) FROM ev ORDER BY id LIMIT 2
! SELECT decodeHTMLComponent(1)
SELECT digits(true, 1), digits(-123, 1), digits(0, 1), digits(1234567890, -3), digits(1234567890, 3, -2), digits(1234567890, 11), digits(1234567890, -20), digits(1234567890, -20, 12), digits(1234567890, 2, 0), digits(18446744073709551615, 19), digits(1234567890, 7, 2), digits(1234567890, -3, -1), digits(toNullable(12), 1), digits(1234567890, -12, 5), digits(i, -1), toTypeName(digits(1, 1)), digits(1234567890, 3, -9), digits(-9223372036854775808, 2), digits(n, 1) FROM ev ORDER BY id LIMIT 12
! SELECT digits(12, 0)
! SELECT digits('12', 1)
! SELECT digits(12.5, 1)
! SELECT digits(12)
SELECT quantilePrometheusHistogram(0.9)(a, b), quantilePrometheusHistogram(a, b), quantilesPrometheusHistogram(0.1, 0.5)(a, b), toTypeName(quantilePrometheusHistogram(0.9)(toFloat32(a), b)) FROM values('a Float64, b UInt64', (0, 6), (0.5, 11), (1, 14), (inf, 19))
SELECT quantilePrometheusHistogram(0.2)(a, b), quantilePrometheusHistogram(1)(a, b), quantilePrometheusHistogram(0)(a, b), quantilePrometheusHistogram(0.8)(a, b), quantilePrometheusHistogramIf(0.5)(a, b, b > 6), quantilePrometheusHistogram(0.5)(a, b::Float32) FROM values('a Float64, b Float64', (-1, 6), (2, 9), (inf, 11))
SELECT quantilePrometheusHistogram(0.9)(a, b) FROM values('a Float64, b UInt64', (0, 6), (0.5, 11))
SELECT k, quantilePrometheusHistogram(0.4)(if(f > 7, inf, f), toUInt64(f * 16)) FROM (SELECT DISTINCT k, f FROM ev) GROUP BY k ORDER BY k
! SELECT quantilePrometheusHistogram(1.2)(f, f) FROM ev
! SELECT quantilePrometheusHistogram(0.5)(id, f) FROM ev
! SELECT quantilePrometheusHistogram(0.5)(f, i) FROM ev
SELECT sequenceNextNode('backward', 'tail')(id, s, id = 99, id = 99), sequenceNextNode('forward', 'first_match')(id, s, 1, id % 3 = 0, id % 3 = 1), sequenceNextNode('backward', 'last_match')(d, s, 1, id % 3 = 1, id % 3 = 0), sequenceNextNode('forward', 'head')(id, s, 1), sequenceNextNode('forward', 'head')(id, s, id = 0, id = 0, id = 1, id = 5) FROM ev SETTINGS allow_experimental_funnel_functions = 1
SELECT k, sequenceNextNode('forward', 'head')(t, s, 1, 1), sequenceNextNode('forward', 'head')(t, s, id > 50, 1), sequenceNextNode('backward', 'tail')(t, s, 1, 1, 1), sequenceNextNode('forward', 'first_match')(t, s, u = 'u3', i > 500, f > 1), sequenceNextNode('backward', 'last_match')(t, s, 1, f > 3, f > 1), sequenceNextNode('forward', 'head')(t, toNullable(s), 1, 1), toTypeName(sequenceNextNode('forward', 'head')(t, s, 1, 1)) FROM ev GROUP BY k ORDER BY k SETTINGS allow_experimental_funnel_functions = 1
SELECT u, sequenceNextNode('forward', 'last_match')(t, s, 1, i > 300), sequenceNextNode('backward', 'first_match')(t, s, 1, i < 500), sequenceNextNodeIf('forward', 'head')(t, s, 1, 1, id > 200) FROM ev GROUP BY u ORDER BY u SETTINGS allow_experimental_funnel_functions = 1
! SELECT sequenceNextNode('forward', 'tail')(id, s, 1, 1) FROM ev SETTINGS allow_experimental_funnel_functions = 1
! SELECT sequenceNextNode('forward')(id, s, 1, 1) FROM ev SETTINGS allow_experimental_funnel_functions = 1
! SELECT sequenceNextNode('x', 'head')(id, s, 1, 1) FROM ev SETTINGS allow_experimental_funnel_functions = 1
! SELECT sequenceNextNode('forward', 'first_match')(id, s, 1) FROM ev SETTINGS allow_experimental_funnel_functions = 1
! SELECT sequenceNextNode('forward', 'head')(i, s, 1) FROM ev SETTINGS allow_experimental_funnel_functions = 1
! SELECT sequenceNextNode('forward', 'head')(id, id, 1) FROM ev SETTINGS allow_experimental_funnel_functions = 1
! SELECT sequenceNextNode('forward', 'head')(id, s, i) FROM ev SETTINGS allow_experimental_funnel_functions = 1
SELECT hex(convertCharset('Café €', 'UTF-8', 'ISO-8859-1')), hex(convertCharset('Привет', 'UTF-8', 'windows-1251')), convertCharset(unhex('CFF0E8'), 'cp1251', 'utf8'), hex(convertCharset('aé😀', 'UTF-8', 'UTF-16')), hex(convertCharset('aé', 'UTF-8', 'UTF-16LE')), hex(convertCharset('aé', 'UTF-8', 'UTF-16BE')), hex(convertCharset('日本', 'utf-8', 'Shift_JIS')), hex(convertCharset('日本', 'utf-8', 'gb18030')), hex(convertCharset('日本', 'utf-8', 'ascii')), hex(convertCharset('aé', 'UTF-8', 'UTF-32')), hex(convertCharset('日本', 'utf-8', 'EUC-JP')), hex(convertCharset('한국', 'utf-8', 'EUC-KR')), hex(convertCharset('漢字', 'utf-8', 'Big5'))
SELECT hex(convertCharset(unhex('ff41'), 'UTF-8', 'UTF-8')), hex(convertCharset(unhex('80'), 'ascii', 'utf-8')), hex(convertCharset(unhex('81'), 'windows-1252', 'utf-8')), hex(convertCharset('', 'utf-8', 'utf-16')), convertCharset(unhex('FFFE6100E900'), 'UTF-16', 'UTF-8'), convertCharset(unhex('FEFF006100E9'), 'UTF-16', 'UTF-8'), convertCharset(unhex('93FA967B'), 'sjis', 'UTF-8'), convertCharset(unhex('E5F2'), 'KOI8-R', 'UTF-8'), hex(convertCharset('Żółw', 'UTF-8', 'ISO-8859-2')), hex(convertCharset('€', 'UTF-8', 'windows-1252')), convertCharset(unhex('8F9EAD'), 'cp866', 'UTF-8'), convertCharset(unhex('e9'), 'latin1', 'utf8'), toTypeName(convertCharset('a', 'utf-8', 'latin1')), convertCharset(convertCharset(s, 'utf-8', 'utf-16'), 'utf-16', 'utf-8'), convertCharset(toNullable('a'), 'utf-8', 'ascii') FROM ev LIMIT 2
! SELECT convertCharset('a', 'x', 'y')
! SELECT convertCharset('a', 'utf-8', s) FROM ev
! SELECT convertCharset(1, 'utf-8', 'latin1')
! SELECT convertCharset('a', 'utf-8')
SELECT toTypeName(sequenceMatchEvents('(?1)(?2)')(toDateTime(number), number=3, number=4)), sequenceMatchEvents('(?1)(?2)')(toDateTime(number,'UTC'), number=3, number=4),sequenceMatchEvents('(?1).*(?2)')(number, number%3=0, number=4), sequenceMatchEvents('(?1).*(?2)')(number, number%3=0, number=40) ,sequenceMatchEvents('(?1)(?t>=2).(?2)')(number, number%3=0, number=5) FROM numbers(10)
SELECT sequenceMatchEvents('(?1).*(?2).*(?3)')(id, i > 500, f > 3, i < 200), sequenceMatchEvents('(?1)(?t<3)(?2)')(id, i > 500, f > 7), sequenceMatchEvents('(?3)(?3)(?3)(?3)(?3)')(id, i > 500, f > 3, i < 200), sequenceMatchEvents('(?1)')(id, id > 1000, id > 2000) FROM ev
SELECT k, sequenceMatchEvents('(?1)(?2)')(t, i > 500, f > 3), sequenceMatchEvents('(?1).*(?2)(?2)')(t, u = 'u3', f > 5), sequenceMatchEvents('(?1)(?t>=5000)(?2)')(t, i > 500, f > 3) FROM ev GROUP BY k ORDER BY k
! SELECT sequenceMatchEvents('(?1)(?5)')(id, i > 500, f > 3) FROM ev
! SELECT sequenceMatchEvents()(id, i > 500, f > 3) FROM ev
! SELECT sequenceMatchEvents('(?1)')(s, i > 500, f > 3) FROM ev
SELECT icebergHash('iceberg'), icebergHash(34), icebergHash(toInt64(34)), icebergHash(toDate('2017-11-16')), icebergHash(toDecimal32(14.20, 2)), icebergHash(toUUID('f79c3e09-677c-4bbd-a479-3f349cb785e7')), icebergHash(toDateTime64('2017-11-16 22:31:08', 6, 'UTC')), icebergHash(1.0), toTypeName(icebergHash(1))
SELECT icebergHash(true), icebergHash(toUInt64(34)), icebergHash(1.5::Float32), icebergHash(-0.0), icebergHash(0.0), icebergHash(toInt8(-1)), icebergHash(toFixedString('abc', 4)), icebergHash(toDecimal64(-14.20, 2)), icebergHash(toDecimal128(0, 2)), icebergHash(toDate32('1900-01-01')), icebergHash(toDateTime64('2017-11-16 22:31:08.123456789', 9, 'UTC')), icebergHash(18446744073709551615), icebergHash(toNullable(5)), icebergHash(1.28::Decimal(9, 2)), icebergHash(-1.29::Decimal(9, 2)), icebergHash(2.56::Decimal(9, 2))
SELECT icebergHash(s), icebergHash(k), icebergHash(i), icebergHash(n), icebergHash(d), icebergHash(f), icebergBucket(16, s), icebergBucket(7, i), icebergTruncate(2, s), icebergTruncate(10, i), icebergTruncate(3, k), toTypeName(icebergTruncate(3, k)), icebergTruncate(7, n) FROM ev ORDER BY id LIMIT 12
SELECT icebergBucket(5, 1.0::Float32), icebergBucket(5, 'abc'), icebergBucket(toInt8(7), 34), toTypeName(icebergBucket(10, toNullable(5))), icebergTruncate(3, 'größe'), icebergTruncate(3, 10::UInt8), toTypeName(icebergTruncate(5, 7::Int64)), icebergTruncate(10, -1), icebergTruncate(3, toFixedString('abcde', 5)), icebergTruncate(100, 12.345::Decimal(18, 3)), icebergTruncate(10, -10.65::Decimal32(2)), toTypeName(icebergTruncate(500, 7::Int8)), toTypeName(icebergTruncate(5, 7::UInt64)), toTypeName(icebergTruncate(5, 7::Int16)), icebergTruncate(5, -9223372036854775808), icebergTruncate(5, 18446744073709551615)
! SELECT icebergHash(toUInt128(34))
! SELECT icebergHash(toDateTime64('2017-11-16 22:31:08', 3, 'UTC'))
! SELECT icebergHash(toDateTime('2017-11-16 22:31:08', 'UTC'))
! SELECT icebergHash([1])
! SELECT icebergBucket(0, 1)
! SELECT icebergBucket(-10, 'a')
! SELECT icebergBucket('a', 1)
! SELECT icebergTruncate(0, 'abc')
! SELECT icebergTruncate(-1, 'abc')
! SELECT icebergTruncate(2, 1.5)
! SELECT icebergTruncate(id, 'abc') FROM ev
SELECT kostikConsistentHash(16045690984833335023, 2), kostikConsistentHash(123456, 1000), toTypeName(kostikConsistentHash(1, 2)), yandexConsistentHash(5, 7), kostikConsistentHash(5, 32768), kostikConsistentHash(toInt8(-5), toUInt64(7)), kostikConsistentHash(7, 1)
SELECT groupArray(kostikConsistentHash(cityHash64(number), 2)), groupArray(kostikConsistentHash(cityHash64(number), 11)), groupArray(kostikConsistentHash(cityHash64(number), 1000)), groupArray(kostikConsistentHash(cityHash64(number), 32767)), groupArray(kostikConsistentHash(cityHash64(number), 17)), groupArray(kostikConsistentHash(number, 5)) FROM numbers(200)
! SELECT kostikConsistentHash('a', 2)
! SELECT kostikConsistentHash(5, 0)
! SELECT kostikConsistentHash(5, 32769)
! SELECT kostikConsistentHash(id, id) FROM ev
SELECT groupFormat('JSONEachRow')(number, 'a'), groupFormat('CSV')(number, toString(number)), groupFormat('TSV')(number, [1, 2]), groupFormat('Values')(number, 1), groupFormat('JSONCompactEachRow')(number, NULL::Nullable(Int8), 'x'), groupFormat('TabSeparated')(nullIf(number, 1), 5), toTypeName(groupFormat('TSV')(nullIf(number, 1), 5)), groupFormatIf('TSV')(number, 'x', number = 1), groupFormatOrNull('CSV')(number) FROM numbers(3)
SELECT k, groupFormat('CSV')(id, s, d) FROM (SELECT * FROM ev WHERE id < 20 ORDER BY id) GROUP BY k ORDER BY k
SELECT groupFormat('TSV')(id) FROM ev WHERE id > 1000
! SELECT groupFormat('x')(id, 1) FROM ev
! SELECT groupFormat()(id) FROM ev
