-- NaN within arrays and tuples stands where NULL does: last, in whichever direction, and no extreme
SELECT t FROM (SELECT arrayJoin([[1.5, 2], [nan], [1], []]) AS t) ORDER BY t DESC
SELECT t FROM (SELECT arrayJoin([[1.5, 2], [nan], [1], []]) AS t) ORDER BY t
SELECT t FROM (SELECT arrayJoin([[1.5, 2], [nan], [1], []]) AS t) ORDER BY t DESC NULLS FIRST
SELECT t FROM (SELECT arrayJoin([[1.5, 2], [nan], [1], []]) AS t) ORDER BY t NULLS FIRST
SELECT t FROM (SELECT arrayJoin([(1.5, 2), (nan, 3), (1, 4)]) AS t) ORDER BY t DESC
SELECT t FROM (SELECT arrayJoin([(1.5, 2), (nan, 3), (1, 4)]) AS t) ORDER BY t DESC NULLS FIRST
SELECT max(t), min(t) FROM (SELECT arrayJoin([(1.5, 2), (nan, 3), (1, 4)]) AS t)
SELECT max(t), min(t) FROM (SELECT arrayJoin([[1.5, 2], [nan, 3], [1, 4]]) AS t)
SELECT max(t), min(t) FROM (SELECT arrayJoin([[1.5, 2], [NULL, 3], [1, 4]]) AS t)
SELECT arraySort([[1.5, 2], [nan, 3], [1, 4]]) AS a, arrayReverseSort([[1.5, 2], [nan, 3], [1, 4]]) AS b
SELECT arraySort([[1.5, 2], [NULL, 3], [1, 4]]) AS a, arrayReverseSort([[1.5, 2], [NULL, 3], [1, 4]]) AS b
SELECT argMax(n, t), argMin(n, t) FROM (SELECT arrayJoin([[1.5, 2], [nan, 3], [1, 4]]) AS t, t[2] AS n)
SELECT greatest([1.5], [nan]) AS a, least([1.5], [nan]) AS b, greatest((1.5, 2), (nan, 3)) AS c
SELECT arrayMax([[1.5], [nan]]) AS a, arrayMin([[1.5], [nan]]) AS b
SELECT groupArraySorted(3)(t) AS a FROM (SELECT arrayJoin([[1.5, 2], [nan, 3], [1, 4]]) AS t)
SELECT t, row_number() OVER (ORDER BY t DESC) AS r FROM (SELECT arrayJoin([(1.5, 2), (nan, 3), (1, 4)]) AS t) ORDER BY r
SELECT toString(t) AS s FROM (SELECT arrayJoin([[1, 2], [NULL], [nan], [1], []]) AS t) ORDER BY t DESC
SELECT toString(t) AS s FROM (SELECT arrayJoin([[1, 2], [NULL], [nan], [1], []]) AS t) ORDER BY t
SELECT argMax(n, x), argMin(n, x), max(x), min(x) FROM (SELECT arrayJoin([(nan, 1), (2., 2), (1., 3), (nan, 4)]) AS p, p.1 AS x, p.2 AS n)
SELECT argMax(n, x), argMin(n, x) FROM (SELECT arrayJoin([(2., 2), (nan, 1), (1., 3)]) AS p, p.1 AS x, p.2 AS n)
SELECT arrayMax([nan, 1., 2.]) AS a, arrayMin([nan, 1., 2.]) AS b, arrayMax([1., nan, 2.]) AS c, arrayMin([2., nan, 1.]) AS d, arrayMax([nan]) AS e
SELECT greatest(1.5, nan) AS a, least(1.5, nan) AS b, greatest(nan, 1.5) AS c, least(nan, 1.5) AS d, greatest(materialize(nan), 1.5, 2) AS e
SELECT argMax(n, t), argMin(n, t) FROM (SELECT arrayJoin([([NULL], 1), ([2], 2), ([1], 3), ([NULL], 4)]) AS p, p.1 AS t, p.2 AS n)
SELECT arrayMax(x -> (x, 1), [1.5, nan]) AS a, arrayMax([[1], [NULL]]) AS b, arrayMin([[1], [NULL]]) AS c
SELECT greatest(2, nan, 1.5) AS a, least(nan, 2., 1.) AS b, least(2., nan, 1.) AS c, greatest(1., 2., nan) AS d, least(1., 2., nan) AS e
SELECT greatest(a, b) AS high, least(a, b) AS low, greatest(toFloat32(a), toFloat32(b)) AS h FROM (SELECT arrayJoin([1.5, nan]) AS a, arrayJoin([2.5, nan, 1]) AS b) ORDER BY toString(a), toString(b)
SELECT toString(greatest(a, b)) AS high, toString(least(a, b)) AS low FROM (SELECT arrayJoin([1.5, nan, NULL]) AS a, arrayJoin([2.5, nan, 1]) AS b) ORDER BY toString(a), toString(b)
