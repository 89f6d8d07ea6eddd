SELECT a IN ((1,2),(3,4))
SELECT (a,b) IN ((1,2),(3,4))
SELECT a IN ((1,2))
SELECT a IN (b)
SELECT a IN (b, c)
SELECT a IN t
SELECT a IN db.t
SELECT a IN 1
SELECT a IN 'x'
SELECT a IN ('x')
SELECT a IN ['x']
SELECT a IN [1]
SELECT a IN f(x)
SELECT a IN (SELECT 1)
SELECT a IN ((SELECT 1))
SELECT a IN (1) AND b
SELECT a IN ()
SELECT a IN (1,)
SELECT a IN tuple(1,2)
SELECT in(a, 1)
SELECT in(a, (1,2))
SELECT a in b in c
SELECT a in (1) in (2)
SELECT a IN (1+1)
SELECT a IN ((1))
SELECT a IN (NULL)
SELECT a in {p:Array(String)}
SELECT a GLOBAL NOT IN t
SELECT a IN (SELECT 1 UNION ALL SELECT 2)
SELECT a IN (-1)
SELECT a IN ((1,2),)
SELECT a IN (1,2)[1]
SELECT notIn(a,1)
SELECT a + 1 IN (2)
SELECT a in (select 1) = 1
SELECT 1 = a in (1)
