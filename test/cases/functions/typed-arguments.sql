-- Functions whose result hangs on the kind of their arguments.
age('month', toDate('2024-01-31'), toDate('2024-02-29')), age('year', toDate('2024-02-29'), toDate('2025-02-28')), age('month', toDate('2024-02-29'), toDate('2024-01-31')), age('quarter', toDate('2024-01-31'), toDate('2024-04-30')), age('month', toDateTime('2024-01-31 10:00:00'), toDateTime('2024-03-01 09:00:00')), age('month', toDate('2024-03-31'), toDate('2024-02-29')), age('month', d, dt), age('year', d, toDate('2025-03-01')), age('quarter', dt, toDateTime('2024-05-31 12:30:14')), age('month', dt, toDateTime('2024-06-01 12:30:14'))
age('month', d - id * 37, toDate('2024-02-29') + id * 3), age('year', toDate('2023-12-31') - id * 40, d), age('quarter', dt - id * 10000000, dt), age('month', d, d + id * 29)
makeDateTime(2024, 1, 1, 25, 0, 0), makeDateTime(2024, 1, 1, 0, 61, 75), makeDateTime64(2024, 1, 1, 25, 0, 0), makeDateTime64(2024, 1, 1, 0, 99, 99), makeDateTime(2024, 1, 1, 100, 0, 0), makeDateTime64(2024, 1, 1, 0, 0, 100), makeDateTime(2023, 2, 31, 1, 0, 0), makeDateTime(2024, 1, 32, 0, 0, 0)
addSeconds(toDate32(d), 90), addMinutes(toDate32(d), 1), subtractHours(toDate32(d), u8), toDate32(d) + INTERVAL 3 SECOND, toDecimalString(b, 3), toDecimalString(b, 0)
! intDiv(-128::Int8, -1::Int8)
! intDiv(toInt8(-128), toInt16(-1))
! toInt8(-128) % toInt8(-1)
! toInt64('-9223372036854775808') % -1
intDiv(i, -1), i % -1, intDiv(i64, -1), i64 % -1
intDivOrZero(toInt8(-128), toInt8(-1)), intDivOrZero(i64, -1), intDivOrZero(i, toInt64(-1)), moduloOrZero(i, toInt8(-1)), moduloOrZero(i64, -1), intDiv(toInt64(i), -1), intDivOrZero(i, i), intDivOrZero(i64, u8)
d % 3, dt % 3600, dt % toInt16(7), d % toInt8(3), d % 3.5, toUInt16(d) % 3, modulo(dt, toUInt32(86400))
! 3 % d
! toDate32(d) % 3
! d64 % 3
! intDiv(d, 3)
arrayDifference([dec, 1.25::Decimal(10, 2), -3.75::Decimal(10, 2)]), arraySum([dec, 2.5::Decimal(10, 2)]), arrayCumSum([dec, -dec, 2.25::Decimal(10, 2)]), arrayAvg([1.5::Decimal(10, 2), 2.25::Decimal(10, 2)]), arrayCumSumNonNegative([1.5::Decimal(10, 2), -2.25::Decimal(10, 2), 3.25::Decimal(10, 2)]), arrayReduce('median', [1.5::Decimal(10, 2), 2.25::Decimal(10, 2)]), arrayProduct([dec, 0.5::Decimal(10, 2)]), arraySum(x -> x * dec, [1, 2]), arrayAvg(x -> x / 3, [dec, dec, 1.5::Decimal(10, 2)])
arrayDifference([dec::Decimal(18, 2), 9999999999999999.99::Decimal(18, 2)]), arraySum([dec::Decimal(40, 2), 2.5::Decimal(40, 2)]), arrayDifference([dec::Decimal(40, 2), 2.5::Decimal(40, 2)]), arrayCumSum([dec::Decimal(40, 2), 2.5::Decimal(40, 2)]), arraySum([]::Array(Decimal(9, 2))), arrayAvg([]::Array(Decimal(9, 2))), arrayAvg([-0.07::Decimal(9, 2), 0.02::Decimal(9, 2)]), arrayDifference([dec::Decimal(9, 2), 0::Decimal(9, 2)])
intDivOrNull(materialize(toInt8(-128)), materialize(toInt8(-1))), moduloOrNull(materialize(toInt8(-128)), materialize(toInt8(-1))), positiveModuloOrNull(materialize(toInt8(-128)), materialize(toInt8(-1))), intDivOrNull(materialize(toInt64(-9223372036854775808)), -1), intDivOrNull(u8, -1), intDivOrNull(i, -1), intDivOrNull(i, 0)
