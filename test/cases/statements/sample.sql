SELECT count(), any(_sample_factor), toTypeName(any(_sample_factor)) FROM sm SAMPLE 0.1
SELECT count(), any(_sample_factor) FROM sm SAMPLE 1/10 OFFSET 1/2
SELECT count(), any(_sample_factor) FROM sm SAMPLE 1/3
SELECT count(), any(_sample_factor) FROM sm SAMPLE 100
SELECT count(), any(_sample_factor) FROM sm SAMPLE 2000
SELECT count(), any(_sample_factor) FROM sm SAMPLE 0
SELECT count(), any(_sample_factor) FROM sm SAMPLE 1
SELECT count(), any(_sample_factor) FROM sm
SELECT count() FROM sm SAMPLE 0.1 WHERE id < 100
SELECT count() FROM sm SAMPLE 100 OFFSET 100
SELECT count() FROM sm SAMPLE 0.6 OFFSET 0.6
SELECT count() FROM sm SAMPLE 0.5 OFFSET 1
SELECT * FROM sm SAMPLE 0.01 ORDER BY id LIMIT 2
SELECT x.id FROM sm AS x SAMPLE 0.02 ORDER BY x.id
SELECT id, u, s FROM sm SAMPLE 0.02 OFFSET 0.2 ORDER BY id
SELECT s, count() * any(_sample_factor) AS c FROM sm SAMPLE 1/2 GROUP BY s ORDER BY s
SELECT s, sum(_sample_factor) FROM sm SAMPLE 1/4 WHERE id > 200 GROUP BY s ORDER BY s
! SELECT count() FROM (SELECT 1) SAMPLE 0.1
! SELECT count() FROM numbers(10) SAMPLE 0.1
SELECT count() * any(_sample_factor) FROM sm SAMPLE 0.2
! SELECT count() FROM ev SAMPLE 1
! WITH c AS (SELECT * FROM sm) SELECT count() FROM c SAMPLE 0.1
SELECT count() FROM sm AS a SAMPLE 0.3 JOIN sm AS b SAMPLE 0.3 ON a.id = b.id
SELECT * FROM (SELECT 1 AS part, count() FROM sm SAMPLE 0.1 UNION ALL SELECT 2, count() FROM sm SAMPLE 0.1 OFFSET 0.1) ORDER BY part
SELECT uniqExact(id) FROM (SELECT id FROM sm SAMPLE 0.2 OFFSET 0.1)
SELECT a.id, a._sample_factor FROM sm AS a SAMPLE 0.5 ORDER BY id LIMIT 2
! SELECT count() FROM sm SAMPLE -1
SELECT count() FROM sm SAMPLE 0.0001
SELECT max(id) FROM sm SAMPLE 1e-1
