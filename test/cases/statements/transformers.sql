-- EXCEPT and REPLACE behind APPLY; lambdas without parentheses; types of deltaSumTimestamp.
SELECT * APPLY(toString) EXCEPT (id) FROM ev ORDER BY id LIMIT 1
SELECT * EXCEPT (id) APPLY(toString) FROM ev ORDER BY id LIMIT 1
SELECT * APPLY(max) EXCEPT (a, k) FROM ev
SELECT * APPLY(max) EXCEPT (a, k) REPLACE (1 AS id) FROM ev
SELECT COLUMNS('^(id|u|k)$') APPLY(toString) EXCEPT (k) APPLY(length) FROM ev ORDER BY id LIMIT 1
SELECT COLUMNS(id, u, k) APPLY(toString) EXCEPT (k) APPLY(length) FROM ev ORDER BY id LIMIT 1
SELECT * APPLY(toString) EXCEPT ('^(i|u)') FROM ev ORDER BY ev.id LIMIT 1
SELECT * APPLY(toString) REPLACE (1 AS id) FROM ev ORDER BY ev.id LIMIT 1
SELECT * APPLY(toString) REPLACE (id + 1 AS id) APPLY(length) FROM ev ORDER BY ev.id LIMIT 1
! SELECT deltaSumTimestamp(id, toDateTime64(t, 3)) FROM ev
! SELECT deltaSumTimestamp(i, toDateTime64(t, 3)), deltaSumTimestamp(i, t), deltaSumTimestamp(i, d) FROM ev
! SELECT deltaSumTimestamp(f, toDateTime64(t, 6, 'UTC')) FROM ev GROUP BY k ORDER BY k
! SELECT deltaSumTimestamp(toDateTime64(t, 3), i) FROM ev
! SELECT deltaSumTimestamp(n, toDateTime64(t, 3)) FROM ev
! SELECT deltaSumTimestamp(i, toDate32(d)) FROM ev
! SELECT toTypeName(deltaSumTimestampState(i, toDateTime64(t, 3))) FROM ev
! SELECT deltaSumTimestampMerge(s) FROM (SELECT deltaSumTimestampState(i, toDateTime64(t, 3)) AS s FROM ev GROUP BY k)
! SELECT hex(deltaSumTimestampState(i, toDateTime64(t, 3))) FROM ev
! SELECT deltaSumTimestampIf(i, toDateTime64(t, 3), k = 'k1') FROM ev
! SELECT deltaSumTimestamp(i, toDecimal64(f, 3)) FROM ev
SELECT arrayFold(acc, x -> acc + x, [1, 2, 3], toInt64(5))
SELECT arrayFold(acc, x, y -> acc + x * y, [1, 2, 3], [4, 5, 6], toInt64(5))
SELECT arrayMap(x, y -> x + y, [1, 2], [3, 4])
SELECT arraySort(x, y -> y, ['a', 'b'], [2, 1])
SELECT arrayFold(acc, x -> acc + x, [1, 2, 3], toInt64(5)), id FROM ev ORDER BY id LIMIT 1
SELECT arrayFilter(x, y -> x > y, [1, 5], [3, 4]), 1 + arrayFold(acc, x -> acc + x, [1], toInt64(1))
SELECT deltaSumTimestamp(toBool(id), t) FROM ev
! SELECT deltaSumTimestamp(toInt128(id), t) FROM ev
! SELECT deltaSumTimestamp(id, toInt128(i)) FROM ev
! SELECT deltaSumTimestamp(id, toBool(i)) FROM ev
! SELECT deltaSumTimestamp(d, t), deltaSumTimestamp(t, d) FROM ev
! SELECT deltaSumTimestamp(CAST(1, 'Enum8(\'a\' = 1)'), t) FROM ev
! SELECT deltaSumTimestamp(id, t, 1) FROM ev
! SELECT deltaSumTimestamp(u, t) FROM ev
! SELECT deltaSumTimestamp(toIPv4('1.1.1.1'), t) FROM ev
! SELECT deltaSumTimestamp(toDecimal32(id, 2), t) FROM ev
