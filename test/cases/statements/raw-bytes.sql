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
