SELECT ''
SELECT '\xff'
SELECT '\/'
SELECT '"`'
SELECT ‘curly’
SELECT “dq”
SELECT '\N'
SELECT EXTRACT(QUARTER FROM a)
SELECT EXTRACT(MONTH FROM a)
SELECT EXTRACT(WEEK FROM a)
SELECT EXTRACT(HOUR FROM a)
SELECT EXTRACT(MINUTE FROM a)
SELECT EXTRACT(SECOND FROM a)
SELECT EXTRACT(MILLISECOND FROM a)
SELECT EXTRACT(MICROSECOND FROM a)
SELECT EXTRACT(NANOSECOND FROM a)
SELECT EXTRACT(doy FROM a)
SELECT EXTRACT(isodow FROM a)
SELECT EXTRACT(isoyear FROM a)
SELECT EXTRACT(century FROM a)
SELECT EXTRACT(decade FROM a)
SELECT EXTRACT(millennium FROM a)
SELECT EXTRACT(DAYS FROM a)
SELECT EXTRACT(DAY FROM a + 1)
SELECT EXTRACT(DAY)
SELECT extract(day, 'x')
SELECT EXTRACT(epoch, a)
SELECT substring(a from 1 + 1 for b)
SELECT substring(a from b, c)
SELECT substring(a, 1 for 2)
SELECT trim(a, 'x')
SELECT trim(both 'x' || 'y' from a)
SELECT ltrim(a, b, c)
SELECT trimBoth(a)
SELECT overlay(a placing b from 1)
SELECT overlay(a, b, 1)
SELECT position(a IN (b, c))
SELECT position(a, b, c)
SELECT position(a || b IN c)
SELECT locate(a IN b)
SELECT dateAdd(a, 1)
SELECT date_add(hours, 1, a)
SELECT date_add(a, b, c)
SELECT dateDiff(month, a AS x, b)
SELECT age(day, a, b)
SELECT age('day', a, b)
SELECT dateDiff(`day`, a, b)
SELECT timestampDiff(second, a, b)
SELECT date_diff(dd, a, b)
SELECT datediff(day, a, b)
SELECT datediff('day', a, b)
SELECT dateTrunc(day, a)
SELECT DATE_TRUNC(DAY, a)
SELECT date_bin(a, interval 1 day)
SELECT timestamp_sub(day, 1, a)
SELECT SUBDATE(a, interval 1 day)
SELECT date_sub(1, a)
SELECT DATE_ADD(interval 1 day, a)
SELECT dateName(day, a)
SELECT DATE_NAME('day', a)
SELECT grouping(a, b)
SELECT TRIM(TRAILING 'x' FROM a)
SELECT mod(a, b)
SELECT ceil(a)
SELECT ln(x)
SELECT cast(a, String)
SELECT cast(a as x as y)
SELECT group_concat(a, ',')
SELECT a AT TIME ZONE 'UTC'
SELECT a + 1 AT TIME ZONE b
SELECT a AT TIME ZONE 'UTC' + 1
SELECT a = b AT TIME ZONE 'UTC'
SELECT -a AT TIME ZONE 'x'
SELECT a * b AT TIME ZONE 'x'
SELECT a::DateTime AT TIME ZONE 'x'
SELECT a AT TIME ZONE b || c
