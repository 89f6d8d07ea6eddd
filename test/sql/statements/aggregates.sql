SELECT count()
SELECT count(*)
SELECT count(DISTINCT a)
SELECT COUNT(DISTINCT a, b)
SELECT count(DISTINCT *)
SELECT count(DISTINCT (a, b))
SELECT sum(DISTINCT a)
SELECT uniq(DISTINCT a)
SELECT count(ALL a)
SELECT sum(ALL a)
SELECT count(ALL)
SELECT f(DISTINCT)
SELECT quantile(0.5)(a)
SELECT quantiles(0.5, 0.9)(a)
SELECT countIf(a) FILTER (WHERE b)
SELECT count() FILTER (WHERE b)
SELECT count(DISTINCT a) FILTER (WHERE b)
SELECT sum(a) FILTER(WHERE b > 1) OVER w
SELECT any(a) IGNORE NULLS
SELECT any(a) RESPECT NULLS
SELECT first_value(a) IGNORE NULLS OVER w
SELECT quantile(0.5)(DISTINCT a)
SELECT groupArray(3)(a) IGNORE NULLS
SELECT sum(a) filter (where b) ignore nulls
SELECT f((SELECT 1))
SELECT `f g`(x)
SELECT "sum"(x)
SELECT db.f(x)
SELECT sum (x)
SELECT Sum(x)
