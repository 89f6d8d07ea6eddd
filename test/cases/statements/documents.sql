-- Documents: whole ones as keys, values of paths in arithmetic and functions, lists of documents, SKIP.
SELECT j FROM (SELECT '{"a":1,"b":{"c":[1,2]}}'::JSON AS j) GROUP BY j
SELECT DISTINCT j FROM (SELECT arrayJoin(['{"a":1}','{"a":1}','{"b":2}'])::JSON AS j) ORDER BY j
SELECT j, count() FROM (SELECT arrayJoin(['{"a":1}','{"a":1}','{"b":2}'])::JSON AS j) GROUP BY j ORDER BY j
SELECT j.a::Int64 AS a, count() FROM (SELECT arrayJoin(['{"a":1}','{"a":1}','{"b":2}'])::JSON AS j) GROUP BY a ORDER BY a
SELECT JSONAllPaths('{"a":1,"b":{"c":[1,2]}}'::JSON)
SELECT JSONAllPathsWithTypes('{"a":1,"b":{"c":[1,2]},"d":"x","e":1.5,"f":true,"g":null}'::JSON)
SELECT JSONDynamicPaths('{"a":1}'::JSON), JSONSharedDataPaths('{"a":1}'::JSON)
SELECT dynamicType(j.a), dynamicType(j.b.c), dynamicType(j.zz) FROM (SELECT '{"a":1,"b":{"c":[1,2]}}'::JSON AS j)
SELECT dynamicElement(j.a, 'Int64'), dynamicElement(j.a, 'String') FROM (SELECT '{"a":1}'::JSON AS j)
SELECT j.a.:Int64, j.a.:String FROM (SELECT '{"a":1}'::JSON AS j)
SELECT toTypeName(j.a), toTypeName(j.a.:Int64) FROM (SELECT '{"a":1}'::JSON AS j)
SELECT j.b.c[1] FROM (SELECT '{"b":{"c":[1,2]}}'::JSON AS j)
SELECT j.^b FROM (SELECT '{"b":{"c":[1,2]}}'::JSON AS j)
SELECT '{"a":1,"b":{"c":[1,2]}}'::JSON(a UInt32) AS j, j.a, toTypeName(j.a)
SELECT '{"a":1,"b":{"c":[1,2]}}'::JSON(SKIP b.c) AS j
SELECT '{"a":1,"b":{"c":[1,2]}}'::JSON(SKIP REGEXP 'b.*') AS j
SELECT j.arr[1].x FROM (SELECT '{"arr":[{"x":1},{"x":2}]}'::JSON AS j)
SELECT arrayMap(e -> e.x, j.arr::Array(JSON)) FROM (SELECT '{"arr":[{"x":1},{"x":2}]}'::JSON AS j)
SELECT arrayJoin(j.arr::Array(JSON)) AS e, e.x FROM (SELECT '{"arr":[{"x":1},{"x":2}]}'::JSON AS j)
SELECT toJSONString('{"a":1,"b":[{"c":2}]}'::JSON), toString('{"a":1}'::JSON)
SELECT max(j.a::Int64), min(j.a.:Int64), sum(j.a.:Int64), avg(j.a::Float64) FROM (SELECT arrayJoin(['{"a":1}','{"a":3}','{"b":2}'])::JSON AS j)
SELECT j.a + 1, j.a > 0, toString(j.a), j.s || 'x', length(j.s::String) FROM (SELECT '{"a":1,"s":"abc"}'::JSON AS j)
SELECT j.a = 1, j.s = 'abc' FROM (SELECT '{"a":1,"s":"abc"}'::JSON AS j)
SELECT count() FROM (SELECT arrayJoin(['{"a":1}','{"a":3}','{"b":2}'])::JSON AS j) WHERE j.a = 1
SELECT count() FROM (SELECT arrayJoin(['{"a":1}','{"a":3}','{"b":2}'])::JSON AS j) WHERE j.a IS NULL
SELECT j.a FROM (SELECT arrayJoin(['{"a":1}','{"a":3}','{"b":2}'])::JSON AS j) ORDER BY j.a.:Int64 DESC NULLS LAST
SELECT uniq(j), uniqExact(j) FROM (SELECT arrayJoin(['{"a":1}','{"a":3}','{"b":2}'])::JSON AS j)
SELECT any(j), groupArray(j) FROM (SELECT arrayJoin(['{"a":1}','{"a":3}'])::JSON AS j)
SELECT CAST(CAST((1, 'x'), 'Tuple(a UInt8, b String)'), 'JSON')
SELECT JSONMergePatch('{"a":1}', '{"b":2}')
SELECT JSON_VALUE('{"a":{"b":"x"}}', '$.a.b'), JSON_QUERY('{"a":[1,2]}', '$.a'), JSON_EXISTS('{"a":1}', '$.a')
SELECT JSONExtract('{"a":[1,2]}', 'a', 'Array(Int32)'), JSONExtractKeysAndValues('{"x":1,"y":2}', 'Int32')
SELECT '{"a":1}'::JSON = '{"a":1}'::JSON
SELECT simpleJSONExtractString('{"a":"x"}', 'a'), visitParamExtractInt('{"a":5}', 'a')
SELECT j.a * 2, j.a / 2, j.a - j.b, intDiv(j.a, 2), j.a % 2, j.f * j.a, j.zz + 1, toTypeName(j.a + 1) FROM (SELECT '{"a":5,"b":2,"f":1.5}'::JSON AS j)
SELECT (j.a + 1)::Int64, sum((j.a * j.b)::Float64) FROM (SELECT '{"a":5,"b":2}'::JSON AS j) GROUP BY 1
SELECT j.t::Array(String), j.t[1], j.t[-1], j.t[9], j.n[1] + 1, toTypeName(j.t[1]) FROM (SELECT '{"t":["a","b"],"n":[1,2]}'::JSON AS j)
SELECT length(j.arr::Array(JSON)), (j.arr::Array(JSON))[1].x FROM (SELECT '{"arr":[{"x":1},{"x":2}]}'::JSON AS j)
SELECT arrayMap(e -> e.x::Int64, j.arr::Array(JSON)) FROM (SELECT '{"arr":[{"x":1},{"x":2}]}'::JSON AS j)
SELECT count() FROM (SELECT DISTINCT j FROM (SELECT arrayJoin(['{"a":1,"b":2}','{"b":2, "a":1}','{"b":2}'])::JSON AS j))
SELECT j, count() AS c FROM (SELECT arrayJoin(['{"a":1,"b":2}','{"b":2, "a":1}','{"b":2}'])::JSON AS j) GROUP BY j ORDER BY c
SELECT uniqExact(j), count(DISTINCT j) FROM (SELECT arrayJoin(['{"a":1,"b":2}','{"b":2, "a":1}','{"b":2}'])::JSON AS j)
SELECT j FROM (SELECT arrayJoin(['{"a":1}','{"a":1}','{"b":2}'])::JSON AS j) LIMIT 1 BY j
SELECT map('a', 1)::JSON, CAST(map('a', [1,2]), 'JSON') AS x, x.a
SELECT j.a.b.:Int64 AS v, j.a.b FROM (SELECT '{"a":{"b":5}}'::JSON AS j)
SELECT j.a[1].b[2] FROM (SELECT '{"a":[{"b":[1,2]}]}'::JSON AS j)
SELECT JSONExtractString(toJSONString(j), 'a') FROM (SELECT '{"a":"x"}'::JSON AS j)
SELECT if(j.a > 3, 'big', 'small'), coalesce(j.zz, j.s), ifNull(j.zz::Nullable(String), 'none') FROM (SELECT '{"a":5,"s":"x"}'::JSON AS j)
SELECT toDate(j.d), toDateTime(j.t), j.d::Date FROM (SELECT '{"d":"2024-01-01","t":"2024-01-01 10:00:00"}'::JSON AS j)
SELECT round(j.f, 1), abs(j.a), toInt64(j.a), toFloat64(j.f) FROM (SELECT '{"a":-5,"f":1.55}'::JSON AS j)
SELECT if(j.b > 3, j.a, j.b), toTypeName(if(j.b > 3, j.a, j.b)), if(1, j.a, 5), multiIf(j.a = 4, j.s, 'y'), ifNull(j.zz, 'none'), coalesce(j.zz, 7), toTypeName(ifNull(j.zz, 'none')) FROM (SELECT '{"a":4,"b":3.5,"s":"x"}'::JSON AS j)
SELECT ifNull(j.a, 0) + 1, coalesce(j.a, j.b)::Int64, sum(ifNull(j.a, 0)::Int64) OVER () FROM (SELECT '{"a":4,"b":3.5,"s":"x"}'::JSON AS j)
SELECT length(j.t), length(j.s), empty(j.t), notEmpty(j.s), toTypeName(length(j.t)), empty(j.zz) FROM (SELECT '{"s":"Ab,C","t":["a","b"]}'::JSON AS j)
SELECT toInt64(j.zz) a, toDate(j.zz) b, toString(j.zz) c, toFloat64(j.zz) d, toDateTime(j.zz) e FROM (SELECT '{"a":"5"}'::JSON AS j)
SELECT toInt64(j.a), toUInt8(j.b), toDate(j.c), toFloat64(j.b), toTypeName(toInt64(j.a)) FROM (SELECT '{"a":"5","b":3.5,"c":"2024-01-01"}'::JSON AS j)
SELECT sqrt(j.a), floor(j.b), negate(j.a), -j.b, toTypeName(sqrt(j.a)), toTypeName(floor(j.b)), abs(j.zz) FROM (SELECT '{"a":4,"b":3.5}'::JSON AS j)
SELECT j.t.:`Array(Nullable(String))`, j.n.:`Array(Nullable(Int64))`, j.t::Array(String), j.n::Array(Int64), j.m::Array(Nullable(Int64)) FROM (SELECT '{"t":["a","b\\"c"],"n":[1,2],"m":[1,null]}'::JSON AS j)
SELECT j.tags[1]::String AS t, count() FROM (SELECT arrayJoin([1, 2, 3]) AS id, concat('{"tags":["t', toString(id % 2), '"]}')::JSON AS j) GROUP BY t ORDER BY t
SELECT arrayMap(x -> x.k::Int64, j.items.:`Array(JSON)`) AS ks, arraySum(ks) FROM (SELECT '{"items":[{"k":1},{"k":5}]}'::JSON AS j)
SELECT e.k::Int64 FROM (SELECT '{"items":[{"k":1},{"k":5}]}'::JSON AS j) ARRAY JOIN j.items::Array(JSON) AS e
SELECT CAST((1, 'x', [1,2]), 'Tuple(a UInt8, b String, c Array(UInt8))')::JSON AS x, x.c[2]
SELECT CAST('[1, null]', 'Array(Nullable(Int8))')
SELECT '{"a":1,"b":{"c":[1,2],"d":2},"bx":5}'::JSON(SKIP b.c, SKIP REGEXP '^bx') AS j, j.b.d, j.bx
SELECT '{"a":1,"b":{"c":1}}'::JSON(a UInt8, SKIP b) AS j, j.a, toTypeName(j)
SELECT j, count() OVER (PARTITION BY j) FROM (SELECT '{"a":1}'::JSON AS j FROM numbers(3))
SELECT j, row_number() OVER (PARTITION BY j ORDER BY number) FROM (SELECT concat('{"a":', toString(number % 2), '}')::JSON AS j, number FROM numbers(5)) ORDER BY number
SELECT number, count() OVER (PARTITION BY j) FROM (SELECT number, if(number%2=0, '{"a":1,"b":"x"}', '{"b":"x","a":1}')::JSON AS j FROM numbers(4)) ORDER BY number
SELECT number, count() OVER (PARTITION BY j) FROM (SELECT number, if(number%2=0, '{"a":1}', '{"a":"1"}')::JSON AS j FROM numbers(4)) ORDER BY number
SELECT number, count() OVER (PARTITION BY j) FROM (SELECT number, if(number%2=0, NULL, '{"a":"1"}'::Nullable(JSON)) AS j FROM numbers(4)) ORDER BY number

-- Values of a path without a type, each once: by their types, and rows without the path are NULL.
SELECT DISTINCT j.a FROM (SELECT arrayJoin(['{"a":1}', '{"a":"1"}', '{"a":1}', '{"b":2}', '{"a":null}', '{"a":true}', '{"a":1.5}', '{"a":[1,2]}', '{"a":[1, 2]}', '{"a":"x\\u0041"}', '{"a":"xA"}'])::JSON AS j) ORDER BY toString(j.a), dynamicType(j.a);
SELECT count() FROM (SELECT DISTINCT j.p.name FROM (SELECT concat('{"p":{"name":"n', toString(number % 7), '","k":', toString(number), '}}')::JSON AS j FROM numbers(100)));
SELECT DISTINCT j.a, number % 2 FROM (SELECT concat('{"a":', toString(number % 3), '}')::JSON AS j, number FROM numbers(60)) ORDER BY toString(j.a), number % 2;
SELECT number, j.a FROM (SELECT concat('{"a":"k', toString(number % 3), '"}')::JSON AS j, number FROM numbers(12) ORDER BY number) ORDER BY number LIMIT 1 BY j.a;
SELECT DISTINCT j.a FROM (SELECT '{"b":1}'::JSON AS j FROM numbers(5));
SELECT '{"a":"x\\u0041\\n\\"q\\/\\t\\u0001é","b":["\\u0042","\\\\"]}'::JSON AS j, toString(j), j.a, j.b
SELECT DISTINCT j FROM (SELECT arrayJoin(['{"a":"x\\u0041"}', '{"a":"xA"}'])::JSON AS j)
SELECT '{"a":"5","b":{"c":1},"z":1}'::JSON(a UInt32, b.c String, d Date) AS j, j.a, j.b.c, j.d, toTypeName(j.d)
SELECT '{"z":1,"y":2,"a":null}'::JSON(a UInt32, n Nullable(String)) AS j, j.a, j.n
! SELECT '{"a":"x"}'::JSON(a UInt32) AS j
! SELECT '{"a":"x"}'::JSON(a UInt32) AS j, j.a
SELECT JSONAllPaths('{"z":1,"y":2}'::JSON(a UInt32)) AS j
SELECT JSONAllPaths('{"z":1,"a":2}'::JSON(a UInt32, n Nullable(String), m Map(String, UInt8))) AS j, JSONAllPathsWithTypes('{"z":1,"a":2}'::JSON(a UInt32)) AS k
SELECT '{"z":1,"y":2,"b2":{"x":1}}'::JSON(b.c UInt32) AS j
SELECT '{"z":1,"y":2,"t":"2024-01-01 00:00:00","l":[1,"2"]}'::JSON(t DateTime64(3), l Array(Int8)) AS j
SELECT toJSONString('{"z":1,"y":2,"t":"2024-01-01 00:00:00"}'::JSON(t DateTime64(3), m Map(String, UInt8), tt Tuple(a UInt8, b String))) AS j
SELECT toString('{"z":1,"y":2,"t":1.5, "u":18446744073709551615}'::JSON(t Decimal(9,3), u UInt64, i Int64, f Float64, b Bool, e Enum8('a'=1,'b'=2), s LowCardinality(String), u4 UUID)) AS j
SELECT '{"z":1,"c":{"d":1,"a":3}, "b":1}'::JSON(c.b UInt8, a UInt8, zz UInt8) AS j
SELECT '{}'::JSON(c.b Nullable(UInt8), a Array(UInt8)) AS j
! SELECT '{"a":{"b":3}}'::JSON(a UInt8) AS j
SELECT '{"a":[{"b":3}]}'::JSON(a Array(JSON)) AS j
SELECT '{"a":{"b":3}}'::JSON(a JSON(c UInt8)) AS j
SELECT '{"a":3.7, "b":300, "c":"2024-01-01", "d":true}'::JSON(a UInt8) AS j
! SELECT '{"a":3, "b":300}'::JSON(b UInt8) AS j
SELECT '{"a":true}'::JSON(a UInt8) AS j
SELECT '{"a":3}'::JSON(a String) AS j
SELECT '{"a":{"x": 3}}'::JSON(a String) AS j
SELECT '{"a":[1, 2]}'::JSON(a String) AS j
SELECT '{"a":"x/y\\"z","b":{"k":null,"e":{}}}'::JSON(a String, SKIP q) AS j, j.a
SELECT '{"a":3,"b":1}'::JSON(a UInt32, SKIP b) AS j
SELECT '{"a":1.0,"b":1.0,"c":0.1}'::JSON(a Float64, c Decimal(18,10)) AS j
SELECT count(), any(j) FROM (SELECT concat('{"a":"', toString(number), '","b":', toString(number % 2), '}')::JSON(a UInt32) AS j FROM numbers(5))
SELECT j, count() FROM (SELECT concat('{"a":"', toString(number % 2), '"}')::JSON(a UInt32) AS j FROM numbers(5)) GROUP BY j ORDER BY j.a
SELECT j.a + 1 AS s FROM (SELECT concat('{"a":"', toString(number % 2), '"}')::JSON(a UInt32) AS j FROM numbers(3))
SELECT '{"d":"2024-01-02"}'::JSON(d Date, t DateTime('Asia/Tokyo')) AS j, j.d, j.t
SELECT CAST('{"a":1}', 'JSON(a UInt32)')::String AS s, ('{"a":1}'::JSON(a UInt32, b UInt8))::JSON AS t, ('{"a":"1"}'::JSON)::JSON(a UInt32) AS u

-- Paths without a type as keys of GROUP BY and ORDER BY: Tinybird allows what ClickHouse asks a setting for.
SELECT j.a, count() FROM (SELECT arrayJoin(['{"a":1}', '{"a":1}', '{"b":2}', '{"a":null}', '{"a":true}', '{"a":1.5}', '{"a":[1,2]}', '{"a":"xA"}'])::JSON AS j) GROUP BY j.a ORDER BY toString(j.a) SETTINGS allow_suspicious_types_in_group_by = 1
SELECT j.a AS k, j.b, count(), sum(j.b::Int64) FROM (SELECT arrayJoin(['{"a":"x","b":1}', '{"a":"y","b":2}', '{"a":"x","b":1}', '{"b":1}'])::JSON AS j) GROUP BY k, j.b ORDER BY k::String, 2::String SETTINGS allow_suspicious_types_in_group_by = 1
SELECT j.a FROM (SELECT arrayJoin(['{"a":3}', '{"a":10}', '{"a":2}', '{}'])::JSON AS j) ORDER BY j.a SETTINGS allow_suspicious_types_in_order_by = 1
SELECT j.a FROM (SELECT arrayJoin(['{"a":3}', '{"a":10}', '{"a":2}', '{}'])::JSON AS j) ORDER BY j.a DESC SETTINGS allow_suspicious_types_in_order_by = 1
SELECT j.a FROM (SELECT arrayJoin(['{"a":3}', '{"a":10}', '{"a":2}', '{}'])::JSON AS j) ORDER BY j.a DESC NULLS FIRST LIMIT 3 SETTINGS allow_suspicious_types_in_order_by = 1
SELECT j.a FROM (SELECT arrayJoin(['{"a":3}', '{"a":"10"}', '{"a":2.5}', '{"a":10.5}', '{}', '{"a":"abc"}', '{"a":true}', '{"a":[3,1]}', '{"a":[1]}', '{"a":"2024-01-02"}', '{"a":"2024-01-02 03:04:05"}'])::JSON AS j) ORDER BY j.a SETTINGS allow_suspicious_types_in_order_by = 1
SELECT j.a AS name, count() c FROM (SELECT arrayJoin(['{"a":"b"}', '{"a":"a"}', '{"a":"C"}', '{"a":"a"}'])::JSON AS j) GROUP BY name ORDER BY name ASC SETTINGS allow_suspicious_types_in_order_by = 1, allow_suspicious_types_in_group_by = 1
SELECT DISTINCT j.a AS name FROM (SELECT arrayJoin(['{"a":"b"}', '{"a":"a"}', '{"a":"C"}', '{"a":"a"}'])::JSON AS j) ORDER BY name DESC SETTINGS allow_suspicious_types_in_order_by = 1
SELECT name, n, max(t) FROM (SELECT j.a.b AS name, j.t::Int64 AS t, j.n AS n FROM (SELECT arrayJoin(['{"a":{"b":"x"},"t":1,"n":2}', '{"a":{"b":"y"},"t":3,"n":10}', '{"a":{"b":"x"},"t":5, "n":2}'])::JSON AS j)) GROUP BY name, n ORDER BY n DESC SETTINGS allow_suspicious_types_in_group_by = 1, allow_suspicious_types_in_order_by = 1
SELECT name, c FROM (SELECT j.a AS name, count() AS c FROM (SELECT arrayJoin(['{"a":"x"}', '{"a":"y"}', '{"a":"x"}'])::JSON AS j) GROUP BY name) WHERE name = 'x' SETTINGS allow_suspicious_types_in_group_by = 1
SELECT JSONExtract(toNullable('{"a":[1,2]}'), 'a', 'Tuple(Int, Int)') AS a, toTypeName(a)
! SELECT JSONExtract(toNullable('{"a":[1,2]}'), 'a', 'Array(Int)') AS a, toTypeName(a)
! SELECT JSONExtract(toNullable('{"a":[1,2]}'), 'a', 'Map(String, Int)') AS a, toTypeName(a)
SELECT JSONExtract(toNullable('{"a":1}'), 'a', 'Int') AS a, toTypeName(a)
SELECT JSONExtract(if(number=0,NULL,'{"a":"x"}'), 'a', 'String') AS a, toTypeName(a) FROM numbers(2)
SELECT JSONExtract(toNullable('{"a":1}'), 'a', 'Nullable(Int)') AS a, toTypeName(a)
SELECT JSONExtractString(if(number=0,NULL,'{"a":"x"}'), 'a') AS a, toTypeName(a) FROM numbers(2)
! SELECT JSONExtract(if(number=0,NULL,'{"a":[1]}'), 'a', 'Array(String)') AS a, toTypeName(a) FROM numbers(2)
SELECT JSONExtract(toNullable('{}'), 'a', 'Int') AS a, toTypeName(a), JSONExtract(toNullable('{}'), 'a', 'Nullable(Int)') AS b, JSONExtract(toNullable('{"a":null}'), 'a', 'String') AS c
SELECT JSONExtract(toLowCardinality('{"a":1}'), 'a', 'Int') AS a, toTypeName(a)
SELECT JSONExtract(materialize(toLowCardinality('{"a":1}')), 'a', 'String') AS a, toTypeName(a)
SELECT JSONExtract(c, 'a', 'Int') AS a, toTypeName(a), JSONExtract(c, 'a', 'Array(Int)') AS b, toTypeName(b), JSONExtract(c, 'a', 'String') AS d, toTypeName(d) FROM (SELECT toLowCardinality(concat('{"a":', toString(number), '}')) AS c FROM numbers(2))
! SELECT JSONExtract(c, 'a', 'Int') AS a, toTypeName(a) FROM (SELECT toLowCardinality(toNullable(concat('{"a":', toString(number), '}'))) AS c FROM numbers(2))
SELECT JSONExtract(NULL, 'a', 'Int') AS a, toTypeName(a)
SELECT JSONExtract('{"a":1}', NULL, 'Int') AS a, toTypeName(a)
SELECT JSONExtract('{"a":1}', toNullable('a'), 'Int') AS a, toTypeName(a)
SELECT JSONExtract(toNullable('{"a":{"b":2}}'), 'a', 'b', 'UInt64') AS a, JSONExtractInt(toNullable('{"a":{"b":2}}'), 'a', 'b') AS b, JSONExtractRaw(toNullable('{"a":{"b":2}}'), 'a') AS c, JSONExtractBool(toNullable('{"a":true}'), 'a') AS d
SELECT JSONExtract(if(number = 0, NULL, '{"a":1}'), 'a', 'Tuple(Int, String)') AS a, toTypeName(a) FROM numbers(2)
SELECT sum(JSONExtract(s, 'a', 'Float64')) AS a FROM (SELECT if(number = 0, NULL, concat('{"a":', toString(number), '.5}')) AS s FROM numbers(4))
SELECT JSONExtract(if(number = 0, NULL, '{"a":"2024-01-01 00:00:00"}'), 'a', 'DateTime') AS a, toTypeName(a) FROM numbers(2)
SELECT JSONExtract(if(number = 0, NULL, '{"a":"x"}'), 'a', 'Enum8(\'x\' = 1)') AS a, toTypeName(a) FROM numbers(2)
-- An object within a document with typed paths has those that are its own.
SELECT j.^a, toTypeName(j.^a), j.^a.b, toTypeName(j.^a.b), j.^d, toTypeName(j.^q) FROM (SELECT '{"a":{"b":{"z":"1"},"c":"x"},"d":{"e":2}}'::JSON(a.b.z UInt32, a.q String, d.e Float64) AS j)
SELECT toTypeName(j.^a), j.^a, toTypeName(j.^a.b) FROM (SELECT '{"a":{"b":1,"c":"x"},"d":2}'::JSON(max_dynamic_paths=5, a.b UInt32, d UInt8, SKIP a.c, SKIP REGEXP 'x=5, y') AS j)
SELECT toTypeName(j.^a), toTypeName(j.^c), j.^a FROM (SELECT '{"a":{"b":1},"c":2}'::JSON AS j)
SELECT distinctJSONPaths(j), distinctJSONPathsAndTypes(j), toTypeName(distinctJSONPathsAndTypes(j)), distinctDynamicTypes(j.a), dynamicElement(j.a, 'Int64') IS NULL FROM (SELECT arrayJoin(['{"a":1,"b":{"c":"x"}}', '{"a":2.5,"d":[1]}', '{}', '{"a":null}'])::JSON AS j) GROUP BY 5 ORDER BY 5
SELECT distinctJSONPaths(j), distinctJSONPathsAndTypes(j) FROM (SELECT arrayJoin(['{"a":1,"b":{"c":"x"}}', '{"a":null}'])::JSON(a UInt32, z String) AS j)
SELECT distinctJSONPathsIf(j, k > 1), distinctDynamicTypesIf(j.a, k > 1), distinctJSONPathsAndTypesIf(j, k = 1) FROM (SELECT arrayJoin([('{"a":1}', 1), ('{"a":"x","b":1}', 2), ('{"c":{"d":true}}', 3)]) AS p, p.1::JSON AS j, p.2 AS k)
SELECT id % 2 AS g, distinctJSONPaths(j), distinctJSONPathsAndTypes(j), distinctDynamicTypes(j.v) FROM (SELECT id, concat('{"', k, '":', toString(id), ',"v":', if(id % 3 = 0, '"x"', '1'), '}')::JSON AS j FROM ev) GROUP BY g ORDER BY g
SELECT distinctJSONPaths(j), distinctJSONPathsAndTypes(j), distinctDynamicTypes(j.a) FROM (SELECT '{}'::JSON AS j) WHERE 0
! SELECT distinctJSONPaths(1)
! SELECT distinctJSONPaths('{}')
! SELECT distinctDynamicTypes(1)
SELECT CAST('{"x":1e25,"y":[1e30,2.5,-0.0],"z":1e20}', 'JSON') AS j, j.x, toString(j), toJSONString(j), toString(CAST(1e21, 'Dynamic'))
