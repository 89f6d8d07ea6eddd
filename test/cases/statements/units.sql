-- Constants of IN that are days, moments or Decimals of another type or scale.
SELECT toDecimal64(1.5,2) IN (toDecimal64(1.5,2)), toDecimal64(1.5,2) IN (toDecimal64(1.5,3)), toDecimal64(1.5,2) IN (toDecimal64(1.501,3)), toDecimal32(1.5,1) IN (toDecimal128(1.5,10))
SELECT toDecimal64(2,2) IN (toDecimal256(2,0)), toDecimal128(2,2) IN (toDecimal32(2,0)), toDecimal64(1,1) IN (toDecimal64(1e15,2)), toDecimal64(5.5, 2) IN (toDateTime64(5.5, 2))
SELECT toDate('2020-01-01') IN (toDateTime('2020-01-01 00:00:00')), toDate('2020-01-01') IN (toDateTime('2020-01-01 05:00:00')), toDate32('2020-01-01') IN (toDateTime('2020-01-01 05:00:00'))
SELECT toDateTime('2020-01-01 00:00:00') IN (toDate('2020-01-01')), toDateTime64('2020-01-01 00:00:00',2) IN (toDate('2020-01-01'))
SELECT toDateTime64('2020-01-01 00:00:00',2) IN (toDateTime('2020-01-01 00:00:00')), toDateTime64('2020-01-01 00:00:00',2) IN (toDateTime64('2020-01-01 00:00:00',3)), toDateTime64('2020-01-01 00:00:00',2) IN (toDateTime64('2020-01-01 00:00:00.001',3))
SELECT toDate('2020-01-01') IN (toDate32('2020-01-01')), toDate32('2020-01-01') IN (toDate('2020-01-01')), toDate(5) IN (toDate32(5)), toDate32(-5) IN (toDate(5)), toDate(5) IN (toDate32(-5))
SELECT toDate('2020-01-01') IN [toDateTime('2020-01-01 05:00:00')], toDate('2020-01-01') IN (toDate('2020-01-01'), toDateTime('2020-01-02 00:00:00')), (toDate('2020-01-01'), 1) IN ((toDateTime('2020-01-01 05:00:00'), 1))
SELECT id FROM ev WHERE d IN (toDateTime('2023-12-10 00:00:00'), toDate('2023-12-11')) OR t IN (toDate('2023-11-15'), toDateTime('2023-11-14 22:13:20')) ORDER BY id
SELECT toDateTime64(5, 2) IN (5), toDateTime64(1.5,2) IN (toDateTime64(1.5,2)), toDateTime64(5.5, 2) IN (toDecimal64(5.5, 2))
! SELECT toDateTime('2024-01-01 00:00:00') IN (toDateTime64('2024-01-01 00:00:00',3))
! SELECT toDate('2020-01-01') IN (toDateTime64('2020-01-01 00:00:00', 3))
-- Sketches of Decimals, moments with fractions and intervals hash their bytes.
SELECT uniqHLL12(toDateTime64(x,0)), uniqCombined(toDateTime64(x, 3)), uniq(toDateTime64(x,0)), uniqCombined64(toDateTime64(x,0)) FROM (SELECT number*17 x FROM numbers(4000))
SELECT uniqHLL12(toDecimal32(x%3600000,0)), uniqHLL12(toDecimal64(x,0)), uniq(toDecimal64(x,0)), uniqHLL12(toIntervalSecond(x)), uniq(toIntervalSecond(x)) FROM (SELECT number*17 x FROM numbers(4000))
SELECT uniqHLL12(toDecimal128(x,0)), uniq(toDecimal128(x,0)), uniqHLL12(toDecimal256(x,0)), uniq(toDecimal256(x, 3)), uniqHLL12(toInt128(x)), uniqCombined(toDecimal128(x,0)) FROM (SELECT number*17 x FROM numbers(4000))
SELECT uniqHLL12(tuple(toTime(x))), uniq(tuple(toTime(x))), uniqHLL12(toTime(x)), uniq(toTime64(x,0)), uniqHLL12(toDecimal32(x % 9999, 1), x), uniq(toTime(x), toDecimal32(x % 99, 2)) FROM (SELECT number*17 x FROM numbers(4000))
SELECT uniq(toTime64(x,0)), uniq(toDecimal64(x, 1)) FROM (SELECT number*17 x FROM numbers(70000))
