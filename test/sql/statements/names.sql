SELECT *
SELECT t.*
SELECT db.t.*
SELECT COLUMNS('x')
SELECT t.COLUMNS('x')
SELECT db.t.COLUMNS(a, b)
SELECT COLUMNS(a + 1)
SELECT * EXCEPT a
SELECT * EXCEPT (a, b)
SELECT * EXCEPT('re')
SELECT * EXCEPT ('a|b')
SELECT * EXCEPT STRICT (a, b)
SELECT * REPLACE (a+1 AS a)
SELECT * REPLACE a+1 AS a
SELECT * REPLACE (a+1 AS a, b AS b)
SELECT * REPLACE STRICT a AS b
SELECT * APPLY sum
SELECT * APPLY(sum)
SELECT * APPLY(quantile(0.9))
SELECT * APPLY quantile(0.9)
SELECT * APPLY(x -> x+1)
SELECT * APPLY x -> x+1
SELECT * APPLY(toString, 'x_')
SELECT * APPLY(toString) APPLY(length)
SELECT COLUMNS('x') EXCEPT a APPLY sum
SELECT t.* EXCEPT a
SELECT f(*)
SELECT f(COLUMNS('x'))
SELECT f(* EXCEPT a)
SELECT * ILIKE 'x'
SELECT * EXCEPT a.b
SELECT COLUMNS('x') + COLUMNS('y')
SELECT count(t.*)
SELECT * EXCEPT `a b`
SELECT * EXCEPT(a) EXCEPT(b)
SELECT COLUMNS()
SELECT * APPLY(x -> x + 1, 'p')
SELECT * EXCEPT a, b
SELECT * REPLACE (1 AS `a b`)
SELECT from FROM t
SELECT order FROM t
SELECT limit, format FROM t
SELECT group FROM t GROUP BY group
SELECT select
SELECT a, from FROM t
SELECT where FROM t WHERE where
SELECT array FROM t
SELECT end FROM t
SELECT a FROM t WHERE date BETWEEN '1' AND '2' AND timestamp > 1
SELECT date, timestamp FROM t
SELECT interval FROM t
SELECT interval day FROM t
SELECT case FROM t
SELECT 1 AS a, a + 1 b, b c FROM t
SELECT sum(a) sum, max(b) max FROM t
SELECT t.date day FROM t
SELECT a IS FROM t
SELECT if FROM t
SELECT cast FROM t
SELECT format('{}', a)
SELECT a.order, t.limit
SELECT a.`order`
SELECT columns FROM t
SELECT window FROM t
SELECT left FROM t
SELECT any FROM t
SELECT in FROM t
SELECT final FROM t
SELECT exists FROM t
SELECT a AS exists
SELECT distinct distinct FROM t
SELECT true FROM t
SELECT with FROM t
SELECT date '2020-01-01' + 1
SELECT timestamp FROM t WHERE timestamp >= now() - interval 1 day
