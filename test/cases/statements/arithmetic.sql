-- Rounding, remainders and addresses: whole numbers at the ends of their types.
SELECT id, ceil(a, -2), floor(a, -2), round(a, -2), trunc(a, -2), roundBankers(a, -3) FROM large ORDER BY id
SELECT id, ceil(b, -2), floor(b, -2), round(b, -2), trunc(b, -2), roundBankers(b, -3) FROM large ORDER BY id
! SELECT id, ceil(c, -20), floor(c, -20), round(c, -20), trunc(c, -20), roundBankers(c, -30) FROM large ORDER BY id
SELECT id, ceil(d, -2), floor(d, -2), round(d, -2), trunc(d, -2), roundBankers(d, -3) FROM large ORDER BY id
! SELECT id, round(a, -19), floor(a, -19), ceil(a,-18), ceil(a, -38), ceil(a,-39), round(c, -77), round(c, -76), floor(c, -80) FROM large ORDER BY id
! SELECT id, round(n, -20), floor(n, -19), ceil(n,-21) FROM large ORDER BY id
SELECT id, round(a, 2), floor(b, 1), ceil(c,0), round(d) FROM large ORDER BY id
SELECT arrayResize([1,2], toDecimal32(3,1))
SELECT arrayResize([1,2], toDecimal32('3.7',1)), arrayResize(['a'], toDecimal64('2.5',2), 'x'), arrayResize([1,2,3], toDecimal32('-2.5',1))
SELECT arrayResize(l, h) FROM large WHERE id < 5 ORDER BY id
SELECT arrayResize([1,2], 2.5)
SELECT concat([], l) FROM large ORDER BY id
SELECT concat(l, [], l) FROM large ORDER BY id LIMIT 4
SELECT concat([], []), toTypeName(concat([], []))
SELECT concat([], ['a'], []), [] || [1]
SELECT toIPv6('::ff') % 10, toTypeName(toIPv6('::ff') % 10)
SELECT toIPv6('::ff') + 1, toIPv6('::ff') - 1, toIPv6('::ff') * 2, toIPv6('::ff') / 2, intDiv(toIPv6('::ff'), 10)
SELECT toTypeName(toIPv6('::ff') + 1), toTypeName(toIPv6('::ff') - 1), toTypeName(toIPv6('::ff') * 2), toTypeName(toIPv6('::ff') / 2), toTypeName(intDiv(toIPv6('::ff'), 10))
SELECT toIPv6('2001:db8::1') % 7, toIPv6('2001:db8::1') % -7, toIPv6('2001:db8::1') % 300, toIPv6('2001:db8::1') % 70000
SELECT toTypeName(toIPv6('2001:db8::1') % 7), toTypeName(toIPv6('2001:db8::1') % -7), toTypeName(toIPv6('2001:db8::1') % 300), toTypeName(toIPv6('2001:db8::1') % 70000)
SELECT moduloLegacy(toIPv6('::ff'), 10), positiveModulo(toIPv6('::ff'), 10), moduloOrNull(toIPv6('::ff'), 10), moduloOrNull(toIPv6('::ff'), 0), positiveModuloOrNull(toIPv6('::ff'), 10)
SELECT toIPv6('::ff') + toIPv6('::1'), toIPv6('::ff') - toIPv6('::1'), toIPv6('::ff') % toIPv6('::10')
! SELECT toIPv6('::ff') + toIPv4('0.0.0.1'), toIPv6('::ff') % toIPv4('0.0.0.7')
! SELECT toIPv4('0.0.0.255') + toIPv6('::1'), toIPv4('0.0.0.255') % toIPv6('::7')
SELECT toIPv4('0.0.0.255') % 10, toIPv4('0.0.0.255') + 1, toIPv4('0.0.0.255') - 1, toIPv4('0.0.0.255') * 2, toIPv4('0.0.0.255') / 2, intDiv(toIPv4('0.0.0.255'), 2)
! SELECT toIPv6('::ff') % 2.5, toIPv6('::ff') + 2.5
SELECT 1000 % toIPv6('::ff'), 1000 + toIPv6('::ff'), intDiv(1000, toIPv6('::ff')), 1000 / toIPv6('::ff')
SELECT gcd(toIPv6('::ff'), 3), lcm(toIPv6('::ff'), 3)
SELECT bitAnd(toIPv6('::ff'), 3), bitOr(toIPv6('::ff'), 256), bitXor(toIPv6('::ff'), toIPv6('::1'))
! SELECT bitShiftLeft(toIPv6('::ff'), 3), bitShiftRight(toIPv6('::ff'), 3), bitNot(toIPv6('::ff'))
! SELECT -toIPv6('::ff'), abs(toIPv6('::ff'))
! SELECT negate(toIPv4('1.2.3.4'))
SELECT intDivOrZero(toIPv6('::ff'), 0), intDivOrNull(toIPv6('::ff'), 0), moduloOrZero(toIPv6('::ff'), 0), divideOrNull(toIPv6('::ff'), 0)
! SELECT toIPv6('::ff') % 0
! SELECT max2(toIPv6('::ff'), 1)
! SELECT byteSwap(toIPv6('::ff')), bitCount(toIPv6('::ff')), bitTest(toIPv6('::ff'), 3)
! SELECT sum(toIPv6('::ff'))
SELECT toIPv6('::ff') % CAST(3 AS Nullable(UInt8)), toIPv6('::ff') % materialize(10), materialize(toIPv6('::ff')) % 10
SELECT toIPv6('::ff') + toInt128(3), toIPv6('::ff') % toInt256(3), toTypeName(toIPv6('::ff') % toInt256(3)), toTypeName(toIPv6('::ff') % toUInt256(3)), toTypeName(toIPv6('::ff') % toInt128(3))
! SELECT toIPv6('::ff') + toDecimal32(3, 1)
SELECT round(toInt64(9223372036854775807), -1), round(toInt64(9223372036854775807), -2), round(toInt64(-9223372036854775808), -2), round(toUInt64(18446744073709551615), -2), round(toInt32(2147483647), -2), round(toInt8(127), -1), round(toUInt8(255), -1), round(toInt8(-128),-1), round(toUInt16(65535), -4)
SELECT roundBankers(toInt64(9223372036854775807), -1), roundBankers(toInt64(9223372036854775807), -2), roundBankers(toInt64(-9223372036854775808), -2), roundBankers(toUInt64(18446744073709551615), -2), roundBankers(toInt32(2147483647), -2), roundBankers(toInt8(127), -1), roundBankers(toUInt8(255), -1), roundBankers(toInt8(-128),-1), roundBankers(toUInt16(65535), -4)
SELECT round(toInt8(127), -2), round(toInt8(127), -3), ceil(toInt8(127), -3), floor(toInt8(-127), -3), round(toInt16(32767), -4), round(toInt16(32767), -5), ceil(toUInt8(1), -3), round(toUInt8(200), -3), trunc(toInt8(5), -4)
SELECT round(toInt64(5), -18), round(toInt64(9223372036854775807), -18), round(toInt64(9223372036854775807), -19), round(toUInt64(18446744073709551615), -19), ceil(toInt64(1), -18), ceil(toInt64(1), -19), floor(toInt64(-1), -19), trunc(toUInt64(18446744073709551615), -19)
SELECT round(toInt64(5), -20)
SELECT round(toInt32(5), -20)
SELECT round(toUInt8(5), -20)
SELECT round(toInt128(5), -20)
SELECT round(toDecimal64(5, 2), -20)
SELECT round(toDecimal128('1234567890123456789012345678.5', 5), -20)
SELECT round(toInt256('12345678901234567890123'), -19), floor(toInt256('-12345678901234567890123'), -19), ceil(toInt256('12345678901234567890123'), -18), trunc(toInt256('-12345678901234567890123'), -19), roundBankers(toInt256('-15000000000000000000'), -19)
SELECT roundBankers(toInt128('-25000'), -4), roundBankers(toInt128('-15000'), -4), roundBankers(toInt128('25000'), -4), roundBankers(toInt128('35000'), -4), round(toInt128('-25000'), -4), round(toInt128('-24999'), -4)
SELECT roundBankers(toInt64('-25000'), -4), roundBankers(toInt64('-15000'), -4), roundBankers(toInt64('25000'), -4), roundBankers(toInt64('35000'), -4), round(toInt64('-25000'), -4), round(toInt64('-24999'), -4), round(toInt64('-25000'), -4), round(toInt64('25000'), -4)
SELECT i, round(i, -2), round(i, -1), roundBankers(i, -1), ceil(i, -1), floor(i, -1) FROM ev ORDER BY id LIMIT 20
SELECT id, round(a, -2), round(b, -2), round(c, -2), round(d, -2), round(a, -19), round(c, -19), ceil(a, -19), floor(a, -19), ceil(d, -19), floor(c, -19) FROM large ORDER BY id
SELECT id, roundBankers(a, -2), roundBankers(b, -2), roundBankers(c, -2), roundBankers(d, -2), roundBankers(a, -19), roundBankers(c, -19), trunc(a, -19) FROM large ORDER BY id
SELECT id, round(a, -(id % 19)), floor(b, -(id % 19)), ceil(d, -(id % 19)) FROM large ORDER BY id
SELECT id, round(a, -toInt8(id + 15)) FROM large ORDER BY id
SELECT id, round(i, -toInt8(id % 22)) FROM ev ORDER BY id
! SELECT id, round(a, -20) FROM large
! SELECT id, round(toInt64(id), -20), ceil(toInt32(id), -25), floor(toInt8(id), -30), ceil(toInt64(id), -19) FROM large
SELECT id, round(e, -20) FROM large
SELECT id, round(f, -20), round(toFloat32(f), -20) FROM ev WHERE id < 4
SELECT number, round(toInt8(number), -1), round(toInt8(number), -2), ceil(toInt8(number), -1), floor(toInt8(number), -2), roundBankers(toInt8(number), -1), roundBankers(toInt8(number),-2), trunc(toInt8(number),-1) FROM numbers(256)
SELECT number, round(toUInt8(number), -1), round(toUInt8(number), -2), ceil(toUInt8(number), -1), floor(toUInt8(number), -2), roundBankers(toUInt8(number), -1), roundBankers(toUInt8(number),-2), trunc(toUInt8(number),-1) FROM numbers(256)
SELECT number, round(toInt16(number * 257), -1), round(toInt16(number * 257), -4), ceil(toInt16(number*257), -4), floor(toInt16(number*257), -4), roundBankers(toInt16(number*257), -4), roundBankers(toUInt16(number*257), -4), round(toUInt16(number*257), -3) FROM numbers(256)
! SELECT toIPv6('::ff') + toIPv4('0.0.0.1')
! SELECT toIPv6('::ff') % toIPv4('0.0.0.7')
! SELECT toIPv4('0.0.0.255') % toIPv6('::7')
SELECT toIPv4('0.0.0.255') % toIPv4('0.0.0.7')
SELECT toIPv4('0.0.0.255') + toIPv4('0.0.0.7')
SELECT toIPv6('::ff') + toIPv6('::1')
SELECT toIPv6('::ff') % toIPv6('::1')
SELECT intDiv(toIPv6('::ff'), toIPv6('::10')), toIPv6('::ff') / toIPv6('::10')
! SELECT toIPv4('0.0.0.9') + toDecimal32(3, 1)
! SELECT toIPv6('::9') * toDecimal32(3, 1)
! SELECT toIPv6('::9') % toDecimal32(3, 1)
! SELECT toDecimal32(3, 1) + toIPv6('::9')
SELECT toIPv6('2001:db8::1') % toInt8(-7), toIPv6('2001:db8::1') % toInt64(-7), toIPv6('2001:db8::1') % toInt128(-7), toIPv6('2001:db8::1') % toInt256(-7)
SELECT toUInt128('1000000000000') % -7, toUInt128('1000000000000') % toInt64(-7), toUInt256('1000000000000') % -7, toUInt64(1000000000000) % -7, toUInt128('1000000000000') % toInt128(-7), toUInt128('1000000000000') % toInt256(-7)
SELECT intDiv(toUInt128('1000000000000'), -7), intDiv(toUInt256('1000000000000'), -7), intDiv(toUInt128('1000000000000'), toInt256(-7)), intDiv(toInt128('-1000000000000'), toUInt128(7)), toInt128('-1000000000000') % toUInt128(7), toInt128('-1000000000000') % toUInt8(7), toInt256('-1000000000000') % toUInt128(7), toInt8(-100) % toUInt128(7), toInt64(-100) % toUInt256(7), intDiv(toInt64(-100), toUInt128(7))
SELECT id, b % -7, d % -7, intDiv(b, -7), a % toUInt128(10), intDiv(a, toUInt128(10)), c % toUInt8(10), a % toUInt256(10) FROM large ORDER BY id
SELECT intDiv(toIPv6('2001:db8::1'), -7), intDivOrZero(toIPv6('2001:db8::1'), -7), moduloOrZero(toIPv6('2001:db8::1'), -7), positiveModulo(toIPv6('2001:db8::1'), -7), moduloLegacy(toIPv6('2001:db8::1'), -7)
SELECT intDiv(toIPv4('1.2.3.4'), -7), toIPv4('1.2.3.4') % -7, positiveModulo(toIPv4('1.2.3.4'), -7), moduloOrNull(toIPv4('1.2.3.4'), -7), intDivOrNull(toIPv4('1.2.3.4'), 0)
SELECT gcd(toIPv4('1.2.3.4'), 6), lcm(toIPv4('1.2.3.4'), 6), gcd(toIPv6('2001:db8::1'), toIPv6('::ff')), toTypeName(gcd(toIPv4('1.2.3.4'), 6)), toTypeName(lcm(toUInt128(4), 3)), gcd(toInt128(-4), 6), toTypeName(gcd(toInt128(-4), 6))
SELECT bitShiftLeft(toIPv6('::ff'), 3), bitShiftRight(toIPv6('::ff'), 3)
! SELECT bitShiftLeft(toIPv4('1.2.3.4'), 3), bitShiftRight(toIPv4('1.2.3.4'), 3), bitAnd(toIPv4('1.2.3.4'), toIPv4('255.255.0.0')), bitAnd(toIPv4('1.2.3.4'), toIPv6('::ff'))
SELECT bitRotateLeft(toIPv4('1.2.3.4'), 3)
SELECT bitTest(toIPv4('1.2.3.4'), 3)
! SELECT bitNot(toIPv4('1.2.3.4'))
! SELECT -toIPv4('1.2.3.4')
! SELECT abs(toIPv4('1.2.3.4'))
! SELECT byteSwap(toIPv4('1.2.3.4'))
! SELECT bitCount(toIPv6('::ff'))
! SELECT bitCount(toIPv4('1.2.3.4'))
! SELECT sum(toIPv4('1.2.3.4'))
! SELECT avg(toIPv6('::4'))
! SELECT max(toIPv6('::4')), any(toIPv6('::4')), quantileExact(0.5)(toIPv4('1.2.3.4'))
! SELECT greatest(toIPv6('::4'), toIPv6('::5')), toIPv6('::4') > toIPv4('0.0.0.4'), toIPv6('::4') = 4
SELECT toIPv6('::4') < '::5', toIPv4('1.2.3.4') BETWEEN '1.0.0.0' AND '2.0.0.0', toIPv4('1.2.3.4') = 16909060
! SELECT toIPv6('::ff') + toIntervalDay(1)
! SELECT toIPv6('::ff') + 'a'
! SELECT toIPv6('::ff') + toDate('2020-01-01')
SELECT [toIPv6('::ff')] + [1], (toIPv6('::ff'), 1) + (1, 2), [toIPv6('::ff'), toIPv6('::1')] % 10
SELECT plus(toNullable(toIPv6('::ff')), 1), plus(toIPv6('::ff'), NULL), toLowCardinality(toIPv6('::ff')) + 1
SELECT gcd(toIPv6('2001:db8::1'), toIPv6('::ff'))
SELECT gcd(toInt128(-4), 6), toTypeName(gcd(toInt128(-4), 6)), lcm(toUInt256(4), toInt8(-6)), gcd(toUInt128(100), toInt64(-15))
SELECT toLowCardinality(materialize(toIPv6('::ff'))) + 1, toLowCardinality(materialize(5)) + 1
SELECT arrayResize([1,2], 3.7), arrayResize([1, 2], toFloat32(2.2))
! SELECT arrayResize([1,2], 'a')
! SELECT arrayResize([1,2], '3')
! SELECT arrayResize([1,2], toDate('1970-01-05'))
! SELECT arrayResize([1,2], NULL), arrayResize([1,2], toInt128(3)), arrayResize([1,2], true)
SELECT arrayResize([1,2], toDecimal256('3.5', 2))
! SELECT arrayResize([1,2], toIPv4('0.0.0.3'))
! SELECT arrayResize([1,2], CAST('a' AS Enum8('a'=3)))
! SELECT arrayResize([1,2], toNullable(3))
! SELECT arrayResize([1,2], NULL)
! SELECT arrayResize([1,2], materialize(toNullable(3)))
SELECT arrayResize([1,2], toInt128(3)), arrayResize([1,2], true), arrayResize([1,NULL], -3), arrayResize(['a'], 2, NULL), arrayResize([1], 2, 3.5)
SELECT arrayResize([1,2], toLowCardinality(3))
! SELECT arrayResize([1,2], nan)
! SELECT arrayResize([1,2], 10000000000)
SELECT arrayResize([1,2], toDecimal256('-3.5', 2))
SELECT arrayResize(a, i % 4), arrayResize(a, i % 3, s), arrayResize(a, -toInt8(id % 4)) FROM ev ORDER BY id LIMIT 20
! SELECT arrayResize(NULL, 2)
! SELECT arrayResize('a', 2)
SELECT toTypeName(toLowCardinality(5) + 1), toTypeName(concat(toLowCardinality('a'), 'b')), toTypeName(upper(toLowCardinality('a'))), toTypeName(toLowCardinality('a') = 'b'), toTypeName(length(toLowCardinality('abc')))
SELECT toTypeName(materialize(toLowCardinality('a'))), toTypeName(concat(toLowCardinality('a'), toLowCardinality('b'))), toTypeName(if(1, toLowCardinality('a'), 'b'))
SELECT toTypeName(concat(k, toLowCardinality('b'))), toTypeName(concat(s, toLowCardinality('b'))), toTypeName(k = toLowCardinality('a')), toTypeName(s = toLowCardinality('a')) FROM ev LIMIT 1
SELECT toString(abs(-0.0)), toString(abs(materialize(toFloat32(-0.0)))), uniqExact(toString(abs(arrayJoin([0.0, -0.0, 1.5, -1.5]))))
