SELECT DATE '2024-01-01'
SELECT TIMESTAMP '2024-01-01 00:00:00'
SELECT DATE(a)
SELECT date
SELECT date + 1
SELECT timestamp
SELECT timestamp(a)
SELECT timestamp 'x'
SELECT DATE x
SELECT EXTRACT(DAY FROM a)
SELECT extract(a, 'x')
SELECT EXTRACT(year from now())
SELECT EXTRACT(EPOCH FROM a)
SELECT EXTRACT(dow from a)
SELECT SUBSTRING(a FROM 1 FOR 2)
SELECT SUBSTRING(a FROM 1)
SELECT substring(a, 1, 2)
SELECT mid(a,1)
SELECT TRIM(a)
SELECT TRIM(BOTH 'x' FROM a)
SELECT TRIM(LEADING 'x' FROM a)
SELECT LTRIM(a)
SELECT ltrim(a, 'x')
SELECT RTRIM(a)
SELECT POSITION('a' IN b)
SELECT position(a, 'x')
SELECT position(a in b)
SELECT DATE_ADD(DAY, 1, a)
SELECT DATE_ADD(a, INTERVAL 1 DAY)
SELECT DATEADD(day, 1, a)
SELECT TIMESTAMP_ADD(a, INTERVAL 1 DAY)
SELECT TIMESTAMPADD(DAY, 1, a)
SELECT timestampAdd(DAY, 1, a)
SELECT timestampAdd(a, INTERVAL 1 DAY)
SELECT DATE_SUB(DAY, 1, a)
SELECT date_sub(a, interval 1 day)
SELECT TIMESTAMP_SUB(DAY, 1, a)
SELECT TIMESTAMPSUB(a, interval 1 day)
SELECT DATE_DIFF(DAY, a, b)
SELECT DATEDIFF(day, a, b)
SELECT dateDiff('day', a, b)
SELECT dateDiff(day, a, b)
SELECT timestampdiff(day, a, b)
SELECT TIMESTAMP_DIFF('day', a, b)
SELECT date_diff('day', a, b)
SELECT dateadd('day', 1, a)
SELECT date_add('day', 1, a)
SELECT dateAdd(DAY, 1, a)
SELECT DATE_TRUNC('day', a)
SELECT dateDiff(x, a, b)
SELECT dateDiff(DAY, a, b, 'UTC')
SELECT addDate(a, interval 1 day)
SELECT dateSub(MONTH, 1, a)
SELECT datesub(a, INTERVAL 1 DAY)
SELECT overlay(a placing b from 1 for 2)
SELECT NOW()
SELECT now
SELECT current_timestamp
SELECT CURRENT_DATE
SELECT viewExplain(a)
SELECT grouping(a)
SELECT array(a,b)[1]
SELECT kql(x)
SELECT position('a', 'b')
SELECT any(a)
SELECT all(a)
SELECT values(a)
SELECT if
SELECT columns
SELECT COLUMNS(a)
SELECT left(a,1)
SELECT LEFT (a,1)
SELECT right(a,1)
SELECT replace(a,b,c)
SELECT except
SELECT limit
SELECT group(a)
SELECT order
SELECT mod(a,b)
SELECT like(a,b)
SELECT not(a)
SELECT notLike(a,b)
SELECT or(a,b)
SELECT and(a)
SELECT interval(a)
SELECT negate(a)
SELECT negate(1)
SELECT minus(1)
SELECT minus(a,b)
SELECT concat(a,b)
SELECT concat(a)
SELECT arrayElement(a,b)
SELECT lambda(x, y)
SELECT equals(a,b)
SELECT distinct(a)
SELECT distinct a
SELECT distinct (a)
SELECT plus(a,b,c)
SELECT * ILIKE 'a%_b'
SELECT * NOT ILIKE 'x'
SELECT t.* ILIKE 'x'
SELECT * LIKE 'x'
SELECT * NOT LIKE 'x'
SELECT * ILIKE 'x' EXCEPT a
SELECT * ILIKE 'a.b\\_c'
