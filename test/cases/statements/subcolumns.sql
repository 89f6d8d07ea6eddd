-- getSubcolumn() of values of every type with parts, and the parts by their names
SELECT number AS i, getSubcolumn((number, toString(number))::Tuple(n UInt64, s String), 's') AS s, toTypeName(s) FROM numbers(4) ORDER BY i
WITH JSONExtract(concat('{"at":{"ms":"', toString(number), '","zone":"UTC"},"user-agent":"ua', toString(number % 2), '","n":', toString(number), '}'), 'Tuple(at Tuple(ms String, zone String), `user-agent` String, n Int32, gone String)') AS doc SELECT getSubcolumn(doc, 'at.ms') AS ms, lower(getSubcolumn(doc, 'user-agent')) AS agent, getSubcolumn(doc, 'gone') AS gone, sum(getSubcolumn(doc, 'n')) AS n FROM numbers(6) GROUP BY ALL ORDER BY ms
SELECT getSubcolumn([(1, 'a'), (2, 'b')]::Array(Tuple(n UInt8, s String)), 's') AS s, getSubcolumn([1, 2], 'size0') AS size, getSubcolumn(map('k', 1), 'keys') AS k, getSubcolumn(map('k', 1), 'values') AS v
SELECT getSubcolumn(if(number = 1, NULL, number), 'null') AS gone, toTypeName(gone) FROM numbers(3)
SELECT getSubcolumn((1, (2, 3)::Tuple(`a` UInt8, `b.c` UInt8))::Tuple(`x` UInt8, `y` Tuple(`a` UInt8, `b.c` UInt8)), 'y.b.c') AS v
SELECT getSubcolumn(CAST(number % 2 = 0 ? number::Variant(UInt64, String) : 'odd'::Variant(UInt64, String), 'Variant(UInt64, String)'), 'String') AS s FROM numbers(3)
SELECT getSubcolumn((1, 2)::Tuple(a UInt8, b UInt8), concat('', 'b')) AS b, getSubcolumn('{"a":{"b":3}}'::JSON, 'a.b') AS j
SELECT count() FROM numbers(9) WHERE getSubcolumn((number, 1)::Tuple(n UInt64, one UInt8), 'n') > 5
! SELECT getSubcolumn('text', 'a')
! SELECT getSubcolumn((1, 2)::Tuple(a UInt8, b UInt8), 'c')
! SELECT getSubcolumn((1, 2)::Tuple(a UInt8, b UInt8), toString(number)) FROM numbers(2)
SELECT s.size AS n, toTypeName(n), getSubcolumn(s, 'size') AS m, getSubcolumn(toNullable(s), 'size') AS k, toTypeName(k) FROM (SELECT repeat('é', number) AS s FROM numbers(3)) ORDER BY n
SELECT getSubcolumn(nullIf(toString(number), '1'), 'size') AS n FROM numbers(12) ORDER BY number
! SELECT getSubcolumn(toLowCardinality('a'), 'size')
SELECT getSubcolumn([[1],[2,3]], 'size1') AS s, toTypeName(s), getSubcolumn([[[1],[2,3]],[]], 'size2'), getSubcolumn([[[1],[2,3]],[]], 'size1'), getSubcolumn([[(1, 2)::Tuple(a UInt8, b UInt8)]], 'size1'), getSubcolumn([[(1, 2)::Tuple(a UInt8, b UInt8)]], 'a')
SELECT getSubcolumn(map('a.b', 1), 'key_a.b'), getSubcolumn(map(5, 1), 'key_5'), getSubcolumn(map(5, 1), 'key_6'), getSubcolumn(map(toDate('2024-01-01'), 1), 'key_2024-01-01')
SELECT m.key_a, m.key_z, m.key_b FROM (SELECT map('a', NULL, 'b', number) AS m FROM numbers(3)) ORDER BY ALL
! SELECT getSubcolumn(map(5, 1), 'key_x')
! SELECT getSubcolumn([1], 'null')
! SELECT getSubcolumn([[1]], 'size2')
