-- Strings hold any bytes: constants, lists, patterns and results keep those that are no UTF-8.
SELECT i, hex(s), hex(k), hex(f), length(s) FROM raws ORDER BY i
SELECT count() FROM raws WHERE s = '\xfe7'
SELECT count() FROM raws WHERE s = concat(unhex('fe'), '7') OR s = unhex('fe')
SELECT count() AS c0, countIf(k = char(254)) AS c1, countIf(k = '\xc3') AS c2, countIf(s = '\ufffd') AS c3 FROM raws WHERE k != '\xfe7'
SELECT count() FROM raws WHERE k = unhex('fe37')
SELECT count() FROM raws WHERE f = '\xfea'
SELECT count() FROM raws WHERE f = unhex('fe62')
SELECT count() FROM raws WHERE f IN ('\xfea', '\xfec')
SELECT i FROM raws WHERE s IN ('\xfe', unhex('fe37'), 'é') ORDER BY i
SELECT i FROM raws WHERE s NOT IN ('\xfe', '\xc3', 'a') ORDER BY i
SELECT i FROM raws WHERE (s, i % 2) IN (('\xfe', 0), ('\xc3', 0), (char(254, 55), 1)) ORDER BY i
SELECT i FROM raws WHERE s IN (SELECT s FROM raws WHERE s = '\xfe7') ORDER BY i
SELECT count() FROM raws WHERE s < '\xfe'
SELECT count() FROM raws WHERE s >= unhex('f0')
SELECT count() FROM raws WHERE s BETWEEN '\xc3' AND '\xf0'
SELECT count() FROM raws WHERE startsWith(s, '\xfe')
SELECT count() FROM raws WHERE endsWith(s, unhex('fe'))
SELECT count() FROM raws WHERE s LIKE '\xfe%'
SELECT count() FROM raws WHERE s LIKE concat('%', unhex('fe'))
SELECT count() FROM raws WHERE k LIKE '%\xfe7%'
SELECT count() FROM raws WHERE position(s, '\xfe7') > 0 AND s LIKE '%7'
SELECT hex(transform(s, ['\xfe', '\xfe7'], ['\xff', 'x'], 'none')) AS h, count() FROM raws GROUP BY h ORDER BY h
SELECT hex(multiIf(s = '\xfe', '\xfd', s = 'é', 'e', k)) AS h, count() FROM raws GROUP BY h ORDER BY h
SELECT hex(CASE s WHEN '\xfe' THEN '\xfa' ELSE s END) AS h FROM raws ORDER BY i LIMIT 5
SELECT s = '\xfe' AS is_it, count() FROM raws GROUP BY is_it ORDER BY is_it
SELECT hex(max(s)), hex(min(k)), hex(argMax(s, s)), hex(any(f)), arrayMap(x -> hex(x), arraySort(groupUniqArray(s))) FROM raws
SELECT hex(replaceAll(s, '\xfe', '\xfd\xfc')) AS c0 FROM raws ORDER BY i LIMIT 5
SELECT hex(replaceOne(s, unhex('c3a9'), 'c')) FROM raws ORDER BY i LIMIT 8
SELECT hex(trim(BOTH '\xfe' FROM s)) AS c FROM raws ORDER BY i LIMIT 5
SELECT arrayMap(x -> hex(x), splitByString('\xfe', s)) AS c0, arrayMap(x -> hex(x), splitByChar('\xfe', s)) AS c1 FROM raws ORDER BY i LIMIT 13
SELECT hex(arrayStringConcat([s, k], '\xfe')) AS c0 FROM raws ORDER BY i LIMIT 3
SELECT hex('\xfe') AS c0, hex(x'fe37') AS c1, hex(b'11111110') AS c2, hex(materialize('\xff')) AS c3, length('\xfe\xfe') AS c4, hex(concat('a', '\xfe', 'é')) AS c5, hex(('\xfe', 1).1) AS c6, hex(['\xfe'][1]) AS c7, hex(map('\xfe', 'a\xfe')['\xfe']) AS c8
SELECT has(['\xfe', 'a'], s) AS c0, indexOf(['\xfe', '\xff'], s) AS c1, hasAny([s], ['\xfe']) AS c2, countEqual([s, '\xfe'], '\xfe') AS c3 FROM raws ORDER BY i LIMIT 5
SELECT hex(reverse(s)) AS c0, hex(substring(s, 1, 1)) AS c1, hex(upper(s)) AS c2, hex(lower(s)) AS c3, hex(repeat(s, 2)) AS c4, hex(leftPad(s, 3, '\xfe')) AS c5, hex(left(s, 1)) AS c6 FROM raws ORDER BY i LIMIT 13
SELECT cityHash64('\xfe') AS c0, sipHash64('\xfe7') AS c1, hex(MD5('\xfe')) AS c2, crc32('\xfe') AS c3, cityHash64(s) AS c4 FROM raws ORDER BY i LIMIT 5
SELECT a.i, b.i FROM raws AS a JOIN (SELECT '\xfe7' AS s, 1 AS i) AS b ON a.s = b.s ORDER BY a.i
SELECT hex(s), count() FROM raws GROUP BY s HAVING s > '\xf0' ORDER BY s
SELECT hex(s) FROM raws WHERE s > '\xfd' ORDER BY s DESC LIMIT 1 BY s
SELECT hex(COALESCE(nullIf(s, '\xfe'), '\xaa')) AS c0 FROM raws ORDER BY i LIMIT 4
SELECT hex(cast('\xfe', 'FixedString(2)')) AS c0, hex(toFixedString('\xfe', 3)) AS c1, hex(toString(toFixedString('\xfe', 2))) AS c2, hex(CAST('\xfe', 'Nullable(String)')) AS c4
SELECT hex(lagInFrame(s, 1, '\xfe') OVER (ORDER BY i)) AS c0 FROM raws ORDER BY i LIMIT 2
SELECT count() AS c0, countIf(s = toFixedString('a', 3)) AS c1 FROM raws WHERE k = toFixedString('a', 3)
SELECT count() FROM raws WHERE s = CAST('a' AS FixedString(4))
SELECT hex(decodeXMLComponent('a&#xDC80;&#55357;&#56832;')) AS c0, hex(decodeHTMLComponent('&#xD800;&#x1F600;&#xE9;')) AS c1
SELECT encodeURLComponent(s) AS c0, encodeURLFormComponent(concat(s, ' !\'()*~')) AS c1, hex(decodeURLComponent('%FEa%C3%A9')) AS c2 FROM raws ORDER BY i LIMIT 13
SELECT levenshteinDistance('\xff', '\xfe') AS c0, damerauLevenshteinDistance(s, '\xfe7') AS c1, jaroSimilarity(s, '\xffa') AS c2 FROM raws ORDER BY i LIMIT 13
SELECT hex(printf('%c%c%c', 233, 8364, 65)) AS c0, hex(printf('%c', -1)) AS c1
SELECT hex(simpleJSONExtractString('{"a":"\xffé"}', 'a')) AS c0, hex(simpleJSONExtractRaw('{"a":"\xff"}', 'a')) AS c1
SELECT i, s REGEXP '\xfe7' AS c0, match(s, '7') AS c1, match('a\xff', '\xff') AS c2 FROM raws ORDER BY i
SELECT i, s LIKE '_' AS c0, s LIKE '_7' AS c1, s LIKE '%_' AS c2, s LIKE '_%' AS c3, s LIKE '\xfe_' AS c4, s NOT LIKE '%_7%' AS c5, s LIKE '__' AS c6, s LIKE '_\xfe' AS c7, s LIKE '__\xfe' AS c8, s ILIKE '_B' AS c9, s LIKE '%\\%_' AS c10 FROM raws ORDER BY i
SELECT countIf(concat('a', s, 'b') LIKE 'a_b') AS c0, countIf(concat(s, 'b%') LIKE '%_b\\%') AS c1, countIf(concat('é', s) LIKE '\xc3_%') AS c2, countIf(match(s, '^b')) AS c3 FROM raws
SELECT i, hex(toValidUTF8(s)) AS c0, hex(toValidUTF8(concat(s, '\xef\xbf\xbd\xff\xef\xbb\xbf'))) AS c1, if(i % 13 = 7, '', hex(overlayUTF8(s, '\xfdé', 1, 1))) AS c2 FROM raws ORDER BY i
SELECT i, match(concat('a', s, 'b'), '^a.b$'), match(concat('a', s, 'b'), '^a.*b$'), concat('a', s, 'b') LIKE 'a%b', concat('a', s, 'b') LIKE 'a_b', concat('a', s, 'b') LIKE '%a%b%', concat('a', s, 'b') LIKE 'a%_%b' FROM raws ORDER BY i
SELECT i, match(k, '.'), match(k, '^.$'), match(f, '^.*$'), countMatches(s, '.'), extractAll(s, '.') = [] FROM raws ORDER BY i
SELECT i, match(s, '(?s).'), match(s, '[^a]'), match(s, '^[^a]$'), match(s, '\\W'), match(s, '\\D+') FROM raws ORDER BY i
! SELECT 'a\\' LIKE 'a\\'
! SELECT 'abc' LIKE 'abc\\'
! SELECT s LIKE 'u\\' FROM ev
! SELECT s LIKE '%\\' FROM ev
! SELECT s ILIKE 'a\\' FROM ev
! SELECT s NOT LIKE '\\' FROM ev
! SELECT count() FROM ev WHERE s LIKE '\\'
SELECT 'a\\' LIKE 'a\\\\'
! SELECT s LIKE materialize('a\\') FROM ev
! SELECT 'x' LIKE materialize('%\\')
! SELECT id FROM ev WHERE s LIKE if(id > 0, 'a\\', 'b') LIMIT 1
! SELECT '' LIKE '\\'
SELECT CASE toFixedString('a', 2) WHEN 'a' THEN 1 ELSE 0 END
SELECT CASE 'a' WHEN toFixedString('a', 2) THEN 1 ELSE 0 END
SELECT CASE s WHEN toFixedString('a', 2) THEN 1 ELSE 0 END FROM raws
SELECT CASE f WHEN 'a' THEN 1 WHEN 'a\0' THEN 2 ELSE 0 END FROM raws
SELECT CASE f WHEN s THEN 1 ELSE 0 END FROM raws
SELECT CASE s WHEN f THEN 1 ELSE 0 END FROM raws
SELECT CASE k WHEN f THEN 1 ELSE 0 END FROM raws
SELECT CASE f WHEN toFixedString('a', 2) THEN 1 ELSE 0 END FROM raws
SELECT CASE toFixedString('a', 3) WHEN f THEN 1 ELSE 0 END FROM raws
SELECT has([f, f], s) FROM raws
SELECT has([s, k], f) FROM raws
SELECT has([s], f) FROM raws
SELECT has(['a', 'b'], f) FROM raws
SELECT has(['a', 'b'], toFixedString('a', 2))
SELECT has([toFixedString('a', 2)], 'a')
SELECT has([f], 'a'), indexOf([f], 'a'), countEqual([f], 'a'), indexOf(['x', 'a'], f), countEqual(['a', 'a'], f) FROM raws
SELECT hasAny([f], ['a']), hasAll([f], ['a']), hasAny(['a'], [f]) FROM raws
SELECT transform(f, ['a', 'b'], [1, 2], 0) FROM raws
SELECT f = 'a', f IN ('a'), s IN (toFixedString('a', 2)), (f, 1) = ('a', 1), nullIf(f, 'a') FROM raws
SELECT extractAll('xy', '.*'), extractAll('xy', '[^x]*'), extractAll('aab', 'a*'), extractAll('baab', 'a*'), extractAll('', '.*'), extractAll('ab1', '(\\d*)'), extractAll('a1b22', '([a-z]*)')
SELECT extractAll(s, '[a-z]*'), extractAll(u, '\\d*') FROM ev ORDER BY id LIMIT 3
SELECT i, s LIKE '_%' AS a, s LIKE '%_' AS b, s LIKE '%_%' AS c, s LIKE '_%_' AS d, concat('a', s, 'b') LIKE 'a%_b' AS e, s ILIKE '%É%' AS f, s LIKE 'é%' AS g, s LIKE '%%' AS h, s LIKE '_' AS j, s LIKE '__' AS k FROM raws ORDER BY i
SELECT i, s LIKE '\xfe_%' AS a, s LIKE '%_\x80' AS b, s LIKE '_\xfe' AS c, s LIKE '__\xfe' AS d FROM raws ORDER BY i
SELECT CASE toFixedString('a', 2) WHEN 'a' THEN 1 ELSE 0 END, CASE 'a' WHEN toFixedString('a', 2) THEN 1 ELSE 0 END, CASE toFixedString('a', 2) WHEN 'a\0' THEN 1 ELSE 0 END, CASE 'a\0' WHEN toFixedString('a', 2) THEN 1 ELSE 0 END
SELECT CASE s WHEN toFixedString('a', 2) THEN 1 ELSE 0 END FROM raws ORDER BY i
SELECT CASE toFixedString(substring(s, 1, 2), 2) WHEN 'a' THEN 1 WHEN 'é' THEN 2 ELSE 0 END FROM raws ORDER BY i
SELECT CASE toFixedString(substring(s, 1, 2), 2) WHEN s THEN 1 ELSE 0 END FROM raws ORDER BY i
SELECT CASE s WHEN toFixedString(substring(s, 1, 2), 2) THEN 1 ELSE 0 END FROM raws ORDER BY i
SELECT CASE k WHEN toFixedString(substring(s, 1, 2), 2) THEN 1 ELSE 0 END FROM raws ORDER BY i
SELECT CASE toFixedString(substring(s, 1, 2), 2) WHEN toFixedString('a', 2) THEN 1 ELSE 0 END FROM raws ORDER BY i
SELECT CASE toFixedString(substring(s, 1, 2), 2) WHEN toFixedString('a', 2) THEN 1 WHEN concat(s, '') THEN 2 ELSE 0 END FROM raws ORDER BY i
SELECT CASE k WHEN toFixedString('a', 2) THEN 1 WHEN 'a' THEN 2 ELSE 0 END FROM raws ORDER BY i
SELECT has([toFixedString(substring(s, 1, 2), 2)], 'a'), has([toFixedString(substring(s, 1, 2), 2)], s), has([s], toFixedString(substring(s, 1, 2), 2)), has([s], toFixedString('a', 2)), has(['a', 'é'], toFixedString(substring(s, 1, 2), 2)), indexOf([toFixedString(substring(s, 1, 2), 2)], 'a'), indexOf([s], toFixedString(substring(s, 1, 2), 2)), countEqual([s], toFixedString(substring(s, 1, 2), 2)), countEqual(['a'], toFixedString('a', 2)), indexOf(['a'], toFixedString('a', 2)) FROM raws ORDER BY i
SELECT transform(toFixedString('a', 2), ['a'], [1], 0), transform('a', [toFixedString('a', 2)], [1], 0)
SELECT transform(toFixedString(substring(s, 1, 2), 2), ['a', 'é'], [1, 2], 0) FROM raws ORDER BY i
SELECT transform(s, [toFixedString('a', 2)], [1], 0) FROM raws ORDER BY i
SELECT toFixedString('a', 2) IN ('a'), 'a' IN (toFixedString('a', 2)), toFixedString('a', 2) = 'a', nullIf(toFixedString('a', 2), 'a'), toFixedString('a', 2) IN ('a', 'b'), has(['a'], materialize(toFixedString('a', 2)))
SELECT s IN (toFixedString('a', 2)), toFixedString(substring(s, 1, 2), 2) IN ('a', 'b') FROM raws ORDER BY i
SELECT transform('a', [toFixedString('a', 2)], [1], 0), transform('a\0', [toFixedString('a', 2)], [1], 0)
SELECT transform(s, [toFixedString('a', 2)], [1], 0) AS t FROM raws ORDER BY i LIMIT 4
SELECT transform(concat(s, '\0'), [toFixedString('a', 2)], [1], 0) AS t FROM raws ORDER BY i LIMIT 4
SELECT CASE concat(s, '\0') WHEN toFixedString('a', 2) THEN 1 ELSE 0 END AS t FROM raws ORDER BY i LIMIT 4
SELECT CASE toFixedString('a', 2) WHEN 'a' THEN 1 END, CASE toNullable(toFixedString('a', 2)) WHEN 'a' THEN 1 ELSE 2 END, CASE 'a' WHEN toNullable(toFixedString('a', 2)) THEN 1 ELSE 2 END
SELECT CASE toFixedString(substring(s, 1, 2), 2) WHEN 'a' THEN 'x' WHEN NULL THEN 'y' ELSE s END AS t FROM raws ORDER BY i LIMIT 4
SELECT CASE toFixedString(substring(s, 1, 2), 2) WHEN 'a' THEN s ELSE 'z' END AS t FROM raws ORDER BY i LIMIT 4
SELECT CASE toLowCardinality(toFixedString(substring(s, 1, 2), 2)) WHEN 'a' THEN 1 ELSE 0 END AS t FROM raws ORDER BY i LIMIT 4
SELECT has([toFixedString('a', 2), toFixedString('b', 2)], s) AS a, has([toFixedString('a', 2), toFixedString('b', 2)], concat(s, '\0')) AS b, has([f, toFixedString('a', 2)], s) AS c, has([f, toFixedString('a', 2)], concat(s, '\0')) AS d, has([s, 'x'], toFixedString('a', 2)) AS e, has([concat(s, '\0')], toFixedString('a', 2)) AS g, has([s, k], toFixedString(substring(s, 1, 2), 2)) AS h, indexOf([s, k], toFixedString(substring(s, 1, 2), 2)) AS j, countEqual([f, toFixedString('a', 2)], 'a') AS l, has([f, toFixedString('a', 2)], 'a') AS m, has([f], toFixedString('a', 3)) AS n, has([toFixedString(substring(s, 1, 2), 2)], toFixedString(substring(s, 1, 2), 3)) AS o FROM raws ORDER BY i LIMIT 4
