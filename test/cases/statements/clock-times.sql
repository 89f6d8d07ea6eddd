-- Times of a clock: Time and Time64, from texts and numbers, in functions and aggregates.
SELECT toTime('12:34:56'), toTime64('12:34:56.789', 3), toTime64('12:34:56.789',6), '12:34:56'::Time, '12:34:56.7'::Time64, toTime(toDate32('2024-01-01')), toTime(toDateTime('2024-01-01 10:20:30','Asia/Tokyo')), toTime64(3661, 3), toTime64(-3661.5, 3), toTime64(toDateTime('2024-01-01 10:20:30'), 0), toTime64(toDateTime64('2024-01-01 10:20:30.123456',6), 3), toTime64(toDate('2024-01-01'), 3), toTime('-1:02:03'), toTime('999:59:59'), toTime('123:00:00'), toTime('12:60:00')
SELECT toTime('12:34'), toTime('12'), toTime64OrNull('12:00:00.123'), toTime('12:34:56') + 5, toTime('12:34:56') - 5, 5 + toTime('12:34:56'), toTime('12:34:56') - toTime('10:00:00'), toTime64('12:34:56.5',3) - toTime64('10:00:00',3), toTime64('12:34:56.5',3) - toTime('10:00:00')
SELECT toTime64('12:34:56.5',3) + 1, toTime('12:34:56') + INTERVAL 5 SECOND, toTime('12:34:56') + INTERVAL 5 MINUTE, toTime('12:34:56') - INTERVAL 15 HOUR, toTime64('12:34:56',3) + INTERVAL 5 MILLISECOND, toTime64('12:34:56',3) + INTERVAL 5 MICROSECOND, toTime64('12:34:56',3) + INTERVAL 5 HOUR, toTime64('12:34:56',3) + INTERVAL 5 MONTH, toTime('999:59:59') + INTERVAL 5 HOUR, toTime('999:59:59') + 5, addHours(toTime('12:34:56'), 2), addSeconds(toTime('12:34:56'), 2.9)
SELECT toDate('2024-01-01') + toTime('01:00:00'), toDate('2024-01-01') + toTime64('01:00:00.5',3), toDate32('2024-01-01') + toTime('01:00:00'), toDateTime(toTime('01:00:00')), toDateTime64(toTime('01:00:00'),3), toDate(toTime('01:00:00')), toInt32(toTime('01:00:00')), toFloat64(toTime64('01:00:00.5',3)), toInt64(toTime64('01:00:00.5',3)), toUInt8(toTime('01:00:00')), toDecimal64(toTime64('01:00:00.5',3),2), toString(toTime('-01:00:00')), toString(toTime64('-01:00:00.5',3)), toBool(toTime('00:00:00')), toTime('01:00:00') = '01:00:00', toTime('01:00:00') < toTime64('01:00:00.5',3), toTime('01:00:00') = 3600
SELECT toTime('01:00:00') > toDateTime('2024-01-01 00:00:00'), toTime64('01:00:00.5',3) = '01:00:00.500', toTime64('01:00:00.5',3) = toTime64('01:00:00.5',6), toTime64('01:00:00.5',3) > 3600, [toTime('01:00:00'), toTime64('01:00:00.5',3)], [toTime64('01:00:00.5',3), toTime64('01:00:00.5',6)], [toTime('01:00:00'), 5], [toTime('01:00:00'), toDateTime('2024-01-01 00:00:00')], toLowCardinality(toTime('01:00:00'))
SELECT CAST('01:00:00' AS Nullable(Time)), CAST(NULL AS Nullable(Time64(3))), cityHash64(toInt32(3600)), cityHash64(toInt64(3600000)), cityHash64(toUInt32(3600)), toUnixTimestamp(toTime('12:34:56')), JSONExtract('{"a":"12:34:56"}', 'a', 'Time'), JSONExtract('{"a":"12:34:56.123"}', 'a', 'Time64(3)'), JSONExtract('{"a":3600}', 'a', 'Time'), now()::Time < '24:00:00', toTime('12:34:56')::Date, toTime(3661), toTime(-3661), toTime(1000000000), toTime(-10000000), toTime(3.9), toTime(-3.9), toTime(86400), toTime(90000), toTime(toInt64(90000)), toTime(toUInt64(18446744073709551615)), toTime(toUInt8(200)), toTime(toInt16(-5)), toTime(toUInt32(4294967295)), toTime(toInt32(-2147483648)), toTime(toFloat64(1e30)), toTime(toFloat32(-5.5)), toTime(toUInt16(60000))
SELECT toTime(nan), toTime(inf), toTime(toInt128(5)), toTime(toUInt256(5)), CAST(90000 AS Time), CAST(-90000 AS Time), CAST(5000000 AS Time), CAST(2.5 AS Time), toTime64(90000,0), toTime64(-90000,2), toTime64(5000000,3), toTime64(2.55,1), toTime64(1e30,3), toTime64(toInt64(-5000000),9), toTime64(18446744073709551615,3), toTime64(toInt128(5),3), toTime(toDateTime('2024-01-01 10:20:30')), toTime(toDateTime64('2024-01-01 10:20:30.5',3)), toTime(toDate('2024-01-01'))
SELECT toTime(toDateTime64('2024-01-01 10:20:30.5',3,'Asia/Tokyo')), toTime64(toDateTime64('2024-01-01 10:20:30.5',3,'Asia/Tokyo'),3), toTime64(toDateTime('2024-01-01 10:20:30','Asia/Tokyo'),3), toTime(toDateTime64('1960-01-01 10:20:30.5',3)), toTime64(toDateTime64('1960-01-01 10:20:30.25',2),1), toTime64(toDate32('1950-01-01'), 3), toTime64(toTime('01:00:00'),3), toTime64(toTime64('01:00:00.999',3),1), toTime64(toTime64('-01:00:00.999',3),1), toTime64(toTime('01:00:00'),0), toTime64(toDecimal64(3.77,2),1), toTime64(toDecimal128(-3.77,2),3), toTime(true), toTime(NULL), toTime64(true,2), toTime64(NULL,3)
SELECT toTimeOrNull('x'), toTimeOrZero('x'), toTimeOrNull('12:00:01'), toTimeOrZero('12:00:01'), toTimeOrNull(''), toTimeOrZero(''), toTime64OrNull('x', 3), toTime64OrZero('x',3), toTime64OrNull('1:00:00', 3), toTime64OrZero('12:00:00.5', 2), toTime64OrNull('', 3), arrayMap(x -> toTimeOrNull(x), ['1','12','123','1234','12345','1:2','12:3','12:34','1:23','123:45','12:34:5','12:34:56','1:23:45','123:23:45','999:59:59','999:59:60','999:60:00','24:00:00','99:99:99','-12','-1','-12:34','-1:00:00','-123:00:00','+1:00:00','00:00:60','12:34:56.','12:34:56.5','12:34:567', '100:00:00','1000:00:00','12.5','a','1a', ' 1']), arrayMap(x -> toTime64OrNull(x,3), ['1','12','123','1234','12345','1:2','12:3','12:34','1:23','123:45','12:34:5','12:34:56','1:23:45','123:23:45','999:59:59','999:59:60','999:60:00','24:00:00','99:99:99','-12','-1','-12:34','-1:00:00','-123:00:00','+1:00:00','00:00:60','12:34:56.','12:34:56.5','12:34:567', '100:00:00','1000:00:00','12.5','a','1a', ' 1', '12:34:56.7891', '12:34.5','1.5','.5','-.5','-0.5','-00:00:00.5','999:59:59.9999','99999.5', '12:34:56.78x']), arrayMap(x -> CAST(x, 'Nullable(Time)'), ['1','12','12:34','12:34:56','x','1:23:45','123']), arrayMap(x -> CAST(x, 'Nullable(Time)'), ['1','12','12:34','12:34:56','1:23:45','123']), arrayMap(x -> CAST(x, 'Nullable(Time64(3))'), ['1','12','12:34','12:34:56','1:23:45','123'])
SELECT CAST('x' AS Nullable(Time64(3))), CAST('1:23:45' AS Time), CAST('12' AS Time64(3)), CAST('12.5' AS Time64(3)), CAST('12:34' AS Time64(3)), CAST('12:34.5' AS Time64(3)), CAST('-0.5' AS Time64(3)), CAST('-00:00:00.5' AS Time64(3)), CAST('999:59:59.999' AS Time64(3))
SELECT toTypeName(CAST('1' AS Time64(0))), toTypeName(CAST('1' AS Time64)), toTypeName(CAST('1' AS Time64(9))), CAST('1' AS Time(3)), CAST('1' AS time), toDate32(toTime('01:00:00')), toDate(toTime64('01:00:00',3)), toDate(toTime('30:00:00')), toDate(toTime('-30:00:00')), toDate32(toTime('30:00:00'))
SELECT toDateTime(toTime('-01:00:00')), toDateTime64(toTime('-01:00:00'),3), toDateTime64(toTime64('01:00:00.5',3),3), toDateTime64(toTime64('-01:00:00.5',3),1), toDateTime(toTime('01:00:00'), 'Asia/Tokyo'), toDateTime64(toTime('01:00:00'),3,'Asia/Tokyo'), CAST(toTime64('01:00:00.5',3) AS Date), toUInt64(toTime('-01:00:00')), toInt8(toTime('01:00:00')), toFloat32(toTime('01:00:00')), toInt128(toTime('01:00:00')), toUInt256(toTime('01:00:00')), toBool(toTime('01:00:00')), toBool(toTime64('00:00:00.5',3)), CAST(toTime64('00:00:00.5',3) AS Bool)
SELECT toFixedString(toString(toTime('01:00:00')), 10), toUnixTimestamp(toTime('-12:34:56')), toUnixTimestamp(toTime64('12:34:56',3)), toTime('01:00:00') = '1:00:00', toTime64('01:00:00',3) = '01:00:00', toTime64('01:00:00',3) = '1', toTime64('01:00:00',3) > toDateTime('2024-01-01 00:00:00'), toTime64('01:00:00',3) > toDateTime64('2024-01-01 00:00:00',3)
SELECT toTime64('01:00:00.5',3) = 3600.5, toTime64('01:00:00.5',3) > toDecimal64(3600,2), toTime64('01:00:00.5',3) > 3600::UInt64, toTime('01:00:00') > toTime('-01:00:00'), toTime('01:00:00') IN ('01:00:00', '02:00:00'), toTime('01:00:00') IN (3600), toTime64('01:00:00',3) IN ('01:00:00'), toTime('01:00:00') BETWEEN '00:00:00' AND '02:00:00', [toTime('01:00:00'), toDate('2024-01-01')], [toTime('01:00:00'), toDate32('2024-01-01')], [toTime64('01:00:00.5',1), toDateTime('2024-01-01 00:00:00')], [toTime64('01:00:00.5',1), toDateTime64('2024-01-01 00:00:00',3,'Asia/Tokyo')]
SELECT [toTime('01:00:00'), toDateTime64('2024-01-01 00:00:00',3)], [toTime64('01:00:00.5',1), toDate('2024-01-01')], [toTime('01:00:00'), 5.5], [toTime('01:00:00'), '5'], [toTime('01:00:00'), NULL], [materialize(toTime('01:00:00')), 5], coalesce(toTime('01:00:00'), 5)
SELECT toTime('12:34:56') + 5.7, toTime('12:34:56') + toInt64(5), toTime('12:34:56') + toUInt8(5), toTime('12:34:56') - (-5), toTime('12:34:56') + true, toTime64('12:34:56',3) + 1.5, toTime64('12:34:56',3) - 1, 1 + toTime64('12:34:56',3), toTime64('12:34:56',3) - toTime64('12:34:56',6), toTime('12:34:56') + toDate('2024-01-01'), toTime64('12:34:56',3) + toDate('2024-01-01')
SELECT toDate32('1950-01-01') + toTime64('12:34:56.123',3), toDate('2024-01-01') + toTime('-12:34:56'), toTime64('12:34:56',3) + INTERVAL 1 DAY, toTime64('12:34:56',3) + INTERVAL 1 WEEK, toTime64('12:34:56',3) + INTERVAL 1 YEAR, toTime64('12:34:56',3) + INTERVAL 1 QUARTER, toTime64('12:34:56',3) - INTERVAL 1 MONTH, toTime64('12:34:56',3) - INTERVAL 1 DAY
SELECT toTime64('12:34:56',3) + INTERVAL 1 NANOSECOND, toTime64('12:34:56',1) + INTERVAL 1 MILLISECOND, toTime64('12:34:56',6) + INTERVAL 1 MILLISECOND, toTime64('12:34:56',9) + INTERVAL 1 SECOND, toTime64('12:34:56',3) + INTERVAL 2000 HOUR, toTime64('12:34:56',3) - INTERVAL 2000 HOUR, toTime('12:34:56') - INTERVAL 2000 HOUR, toTime64('999:59:59.5',3) + 5, toTime64('-999:59:59.5',3) - 5, toTime('-999:59:59') - 5, addMinutes(toTime('12:34:56'), 2), subtractHours(toTime('12:34:56'), 2), subtractSeconds(toTime64('12:34:56',2), 2)
SELECT addMilliseconds(toTime64('12:34:56',3), 2), addMonths(toTime64('12:34:56',3), 2), dateAdd(HOUR, 1, toTime('12:34:56')), date_sub(MINUTE, 1, toTime('12:34:56')), timestampAdd(HOUR, 1, toTime('12:34:56')), greatest(toTime('12:34:56'), toTime('13:34:56')), least(toTime('12:34:56'), toTime64('13:34:56',3)), if(1, toTime('12:34:56'), toTime64('13:34:56',3)), ifNull(NULL, toTime('12:34:56')), nullIf(toTime('12:34:56'),toTime('12:34:56')), toJSONString(toTime('12:34:56')), toJSONString(toTime64('12:34:56',3)), toJSONString((toTime('12:34:56'),[toTime64('12:34:56',3)])), (toTime('12:34:56'), [toTime64('12:34:56',3)])::String
SELECT modulo(toTime('00:00:01'), 2), transform(toTime('00:00:01'), [toTime('00:00:01')], ['a'], 'b'), has([toTime('00:00:01')], toTime('00:00:01')), indexOf([toTime('00:00:01')], toTime('00:00:01')), arraySort([toTime('00:00:02'),toTime('-00:00:01')]), arrayMax([toTime('00:00:02'),toTime('-00:00:01')]), arrayMin([toTime64('00:00:02',3),toTime64('-00:00:01',3)]), arrayDistinct([toTime('00:00:02'),toTime('00:00:02')]), arrayUniq([toTime('00:00:02'),toTime('00:00:02')]), tuple(toTime('00:00:01')) = tuple(toTime('00:00:01')), map(toTime('00:00:01'), 1), map(toTime64('00:00:01',3), 1), JSONExtract('{"a":"12:34"}', 'a', 'Time'), JSONExtract('{"a":"x"}', 'a', 'Time'), JSONExtract('{"a":-5}', 'a', 'Time'), JSONExtract('{"a":5.5}', 'a', 'Time'), JSONExtract('{"a":5000000}', 'a', 'Time'), JSONExtract('{"a":5.5}', 'a', 'Time64(3)'), JSONExtract('{"a":5}', 'a', 'Time64(3)'), JSONExtract('{"a":"1:00:00.5"}', 'a', 'Time64(3)'), JSONExtract('{"a":true}', 'a', 'Time'), cityHash64(toTime64('01:00:00',3)), sipHash64(toTime64('01:00:00',3)), xxHash64(toTime64('01:00:00',3)), xxHash32(toTime64('01:00:00',3)), murmurHash3_64(toTime64('01:00:00',3)), farmHash64(toTime64('01:00:00',3)), murmurHash2_64(toTime64('01:00:00',3))
SELECT cityHash64([toTime('01:00:00')]), cityHash64((toTime('01:00:00'),1)), cityHash64(map('a',toTime('01:00:00'))), cityHash64([toTime64('01:00:00',3)]), javaHash(toTime('01:00:00')), halfMD5(toTime('01:00:00')), gccMurmurHash(toTime('01:00:00')), kafkaMurmurHash(toTime('01:00:00')), toTimeWithFixedDate(toDateTime('2024-01-01 10:20:30')), toTime('12:34:56') = toTime64('12:34:56', 6), toTime('-12:34:56') < toTime64('-12:34:55.5', 1), accurateCast('12:00:00', 'Time'), accurateCastOrNull('x', 'Time'), accurateCastOrDefault('x', 'Time'), accurateCastOrNull(5, 'Time'), accurateCastOrNull(5000000, 'Time'), accurateCastOrNull(5.5, 'Time64(1)')
SELECT toLowCardinality(toTime('01:00:00')), toNullable(toLowCardinality(toTime('01:00:00'))), toTime('12:34:56')::Date32, toTime('12:34:56')::DateTime64(3), toTime(toFixedString('12:34:56', 8)), toTime(toFixedString('12:34:56', 10)), toInt32OrDefault(toTime(1)), toDateTimeOrDefault(toTime(1)), toDateOrDefault(toTime(1)), countEqual([toTime(1)], toTime(1)), arrayCount(x -> x > toTime(1), [toTime(2)]), arrayZip([toTime(1)],[toTime64(2,1)]), mapKeys(map(toTime(1), toTime(2)))
SELECT arrayReduce('max', [toTime(1),toTime(2)]), arrayFold((acc,x) -> acc + 1, [toTime(1)], toTime(5)), arrayIntersect([toTime(1)],[toTime(1),toTime(2)]), arrayConcat([toTime(1)],[toTime64(2,1)]), arrayResize([toTime(1)],2), arrayReverse([toTime(1),toTime(2)]), toTypeName(toTime(100) % toUInt8(7)), toTypeName(toTime(100) % toInt32(7)), toTypeName(toTime(100) % toUInt16(7)), toTypeName(toTime(100) % toUInt32(7)), toTypeName(toTime(100) % toInt64(7)), toTypeName(toTime(100) % toInt8(7)), toTypeName(toTime(100) % toInt16(7)), toTypeName(toTime(100) % toUInt64(7)), toTime(-100) % 7, toTime(-100) % toInt32(7), toTime(3600) % 256, toTime(-100) % toInt64(7), toTime(100) % 7.5, modulo(toDateTime(100), 7), toTypeName(modulo(toDateTime(100), 7)), CAST(CAST('a','Enum8(\'a\'=5)') AS Time), CAST(INTERVAL 5 SECOND AS Time)
SELECT CAST(toTime(5) AS IntervalSecond), toIntervalSecond(toTime(5)), toTime64(toDecimal64(5000000,2),3), toTime64(toDecimal64(-3.779,3),1), CAST(toDecimal128(3.7799,4) AS Time64(2)), toTime(10000000000.), toTime(5000000000), toTime(-5000000000), toTime(4294967296.5), toTime(1e18), toTime(-1e18), toTime(1e19), toTime(materialize(nan)), toTime(materialize(inf)), toTime(materialize(-inf)), toTime64(materialize(inf),3)
SELECT toTime64(-1e30,3), toTime64(toFloat32(2.55),2), toTime64(-2.55,1), toTime64(1e19::Float64,0), toInt16(toTime64('01:00:00.5',3)), toUInt64(toTime64('01:00:00.5',3)), toFloat32(toTime64('01:00:00.5',3)), toInt128(toTime64('01:00:00.5',3)), toUInt256(toTime64('01:00:00.5',3)), toInt64(toTime64('-01:00:00.5',3)), toDecimal32(toTime64('01:00:00.5',3), 1), toDecimal128(toTime64('01:00:00.5',3), 5), toDateTime64(toTime64('-01:00:00.555',3),1), toDateTime64(toTime64('01:00:00.555',3),1), CAST(toTime64('01:00:00.5',3) AS Date32), CAST(toTime64('01:00:00.5',3) AS Date), toTime64('01:00:00',3) = toDecimal64(3600,2), toTime('01:00:00') = 3600.0, toTime('01:00:00') < 3600.5, toTime('01:00:00') = toInt64(3600), toTime('-01:00:00') < toUInt64(5), toTime('-01:00:00') = toInt128(-3600)
SELECT toTime64('-01:00:00',2) = -3600, toTime64('01:00:00',2) = toInt128(3600), toTime('01:00:00') = CAST('a','Enum8(\'a\'=5)'), toTime('01:00:00') = true, toTime('01:00:00') = INTERVAL 5 SECOND, toTime('01:00:00') IN (SELECT toTime64('01:00:00',3)), toTime('01:00:00') IN (SELECT '01:00:00'), toTime('01:00:00') IN ['01:00:00']
SELECT toTime64('01:00:00',3) IN (3600), toTimeOrNull(NULL), toTimeOrZero(NULL), toTimeOrNull(toNullable('x')), toTimeOrZero(toNullable('12:00:00')), toTime(toNullable('x')), toTypeName(toTimeOrNull(toLowCardinality('1:00:00'))), toTypeName(toTime(toLowCardinality('1:00:00'))), toTypeName(toTime64(toLowCardinality('1:00:00'),1)), toTime64OrNull('12:00:00.5', 0), toTime64OrZero('12:00:00.5'), toTime('12:00:00')::String || 'x', toString(toTime64('-0.05', 2)), toTime64('999:59:59.999999999', 9), toTime64('-999:59:59.999999999', 9)
SELECT toTime64('-.5',1), toTime64('12.',1), toTime(1) BETWEEN toTime(0) AND 5, CAST((toTime(1), 2) AS Tuple(a Time64(1), b UInt8)), CAST('{"a":"12:00:00","b":5}' AS JSON(a Time, b Time64(2))), toJSONString(map(toTime(1), toTime64(2,1))), JSONExtract('{"t":["12:00:00", 5]}', 't', 'Array(Time)'), JSONExtract('{"t":null}', 't', 'Nullable(Time)'), JSONExtract('{"t":"x"}', 't', 'Nullable(Time)'), JSONExtract('{"t":"12:00:00.5"}', 't', 'Time')
SELECT JSONExtract('{"t":""}', 't', 'Time'), JSONExtract('{"t":"5"}', 't', 'Time64(2)'), JSONExtract('{"t":-5.5}', 't', 'Time64(2)'), JSONExtract('{"t":99999999999}', 't', 'Time64(2)'), JSONExtract('{"t":99999999999}', 't', 'Time'), toTime(now64()) = toTime64(now64(), 0) OR 1, DATE(toTime(5)), toTime64(5, 3) - INTERVAL 1 MILLISECOND, toTime(5) - INTERVAL 90 MINUTE, INTERVAL 1 HOUR + toTime(5), toTime(5) + INTERVAL 1.5 HOUR, toTime(5) + toIntervalSecond(toInt64(5)), toTime(5) + NULL, toTime(5) + toNullable(5)
SELECT mapFromArrays([toTime(1)], [toTime64(1,2)]), cityHash64(toTime('01:00:00')), sipHash64(toTime('01:00:00')), xxHash64(toTime('01:00:00')), xxHash32(toTime('01:00:00')), murmurHash3_64(toTime('01:00:00')), farmHash64(toTime('01:00:00')), hex(sipHash128(toTime('01:00:00'))), metroHash64(toTime('01:00:00')), toTypeName(toTimeWithFixedDate(toDateTime('2024-05-01 10:20:30','Asia/Tokyo'))), toTimeWithFixedDate(toDateTime('2024-05-01 10:20:30','Asia/Tokyo')), toTimeWithFixedDate(toDateTime64('2024-05-01 10:20:30.5',3)), toTimeWithFixedDate(toDateTime('2024-05-01 10:20:30'), 'Asia/Tokyo'), toTypeName(toTimeWithFixedDate(toDateTime('2024-05-01 10:20:30'), 'Asia/Tokyo')), toTimeWithFixedDate(toDateTime('2024-07-01 10:20:30','Europe/Berlin')), toTime64(1.5, 2) IN (toTime64(1.5, 3))
SELECT toTime64(1.5, 3) IN (toTime64(1.5, 3), toTime64(2, 3)), toTime(1) IN (toTime(1), toTime(2)), toTime(5) IN (toTime(1)), toTime(1) IN (toDateTime(1)), toTime64(1,2) IN (toTime(1)), toTime64(1,2) IN (toDateTime64(1,2)), toDateTime64(1,2) IN (toDateTime64(1,2)), toDateTime64(1.5,2) IN (toDateTime64(1.5,2)), arrayMap(x -> toTime64OrNull(x,3), ['12:34:56.','12:34:56.5','12:34:567', '100:00:00','1000:00:00','12.5','a','1a', ' 1', '12:34:56.7891', '12:34.5','1.5','.5','-.5','-0.5','-00:00:00.5','999:59:59.9999','99999.5', '12:34:56.78x', '-','-.','5.','--5']), arrayMap(x -> toTimeOrNull(x), ['-', '--5', '-5', '-5:','5:', ':5','00:00']), toTime64('12:34:56.5',3) + INTERVAL 3599999 SECOND, toTime64('00:00:56.5',3) + INTERVAL 3599999999 MILLISECOND, toTime64('-00:00:00.5',3) - INTERVAL 1 MONTH, toTime64('-00:00:00.5',3) - INTERVAL 2 MONTH
SELECT JSONExtract('{"t":99999999999.5}', 't', 'Time64(2)'), JSONExtract('{"t":-5.55}', 't', 'Time64(1)'), JSONExtract('{"t":1e3}', 't', 'Time64(1)'), JSONExtract('{"t":1e3}', 't', 'Time'), JSONExtract('{"t":"3600"}', 't', 'Time'), JSONExtract('{"t":-99999999999}', 't', 'Time64(2)')
SELECT if(number=1, toTime('01:00:00'), toDate('2024-01-01')) x, toTypeName(x) FROM numbers(2)
SELECT avg(x) FROM (SELECT toTime64(number*100,3) x, number FROM numbers(3))
SELECT toTypeName(x), toJSONString(x), x::String FROM (SELECT map('a', toTime('12:34:56')) x)
SELECT avg(x) FROM (SELECT toTime(number*100) x FROM numbers(3))
SELECT avg(x) FROM (SELECT toTime64(number*100.333,3) x FROM numbers(4))
SELECT avg(x) FROM (SELECT -1 * 1, toTime64(-number*100.333,3) x FROM numbers(4))
SELECT avgOrNull(x) FROM (SELECT toTime64(number,3) x FROM numbers(0))
SELECT avg(x) FROM (SELECT toTime64(number,3) x FROM numbers(0))
SELECT groupUniqArray(x), groupArraySorted(2)(x), groupArrayLast(2)(x), groupArrayDistinct(x), groupArrayInsertAt(x, 1) FROM (SELECT toTime(number%2) x FROM numbers(3))
SELECT argMin(x,y), argMax(y,x), minMap(map(1,x)), sumMap([1],[2]) FROM (SELECT toTime(number%2) x, toTime64(number,3) y FROM numbers(3))
SELECT approx_top_k(2)(x), topKWeighted(2)(x, 2), entropy(x), anyHeavy(x), singleValueOrNull(toTime(1)) FROM (SELECT toTime(number%2) x FROM numbers(3))
SELECT approx_top_k(2)(x), topKWeighted(2)(x, 2), entropy(x), anyHeavy(x), singleValueOrNull(toTime64(1,3)) FROM (SELECT toTime64(number%2,3) x FROM numbers(3))
SELECT topK(2)(x) FROM (SELECT toTime64(number%2,3) x FROM numbers(3))
SELECT groupConcat(',')(x) FROM (SELECT toTime(number) x FROM numbers(3))
SELECT lagInFrame(x) OVER (ORDER BY x), row_number() OVER (ORDER BY x), min(x) OVER (ORDER BY x ROWS 1 PRECEDING) FROM (SELECT number,toTime(number) x FROM numbers(3))
SELECT count() OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (SELECT number,toTime(number) x FROM numbers(3))
SELECT toTime(arrayJoin([3,1,2])) t ORDER BY t LIMIT 1 BY t
SELECT toTime(number) t, count() c FROM numbers(3) GROUP BY t WITH ROLLUP ORDER BY t
SELECT DISTINCT toTime64(number%2,3) t FROM numbers(3) ORDER BY t DESC
SELECT a.t, b.t FROM (SELECT toTime(number) t FROM numbers(3)) a JOIN (SELECT toTime64(number+1,3) t FROM numbers(3)) b ON a.t = b.t ORDER BY 1
SELECT toTime(toDateTime('2024-01-01 10:20:30')) SETTINGS use_legacy_to_time=1
SELECT toTime('12:34:56') SETTINGS enable_time_time64_type=0
SELECT x, x + 1 FROM values('x Time', '12:34:56', 5)
SELECT x FROM values('x Time64(2)', '12:34:56.78', 5)
SELECT toTime(1)::Variant(Time, String) v, variantType(v)
SELECT leadInFrame(t) OVER (ORDER BY t) FROM (SELECT toTime64(number, 2) t FROM numbers(2))
SELECT toTime('12:34:56') t, t::LowCardinality(Nullable(String))
SELECT minOrNull(toTime(1)), maxIf(toTime(1), 0), minOrDefault(toTime(1)) FROM numbers(0)
SELECT toTime('12:34:56') <=> toTime('12:34:56'), toTime(1) IS DISTINCT FROM toTime(2)
SELECT avg(toTime(x)), avg(toTime64(x,1)) FROM (SELECT arrayJoin([1,2]) x)
SELECT avg(toTime(x)) FROM (SELECT arrayJoin([-1,-2]) x)
SELECT min(toTime64(x,1)), max(toTime(x)) FROM (SELECT arrayJoin([-1,-2]) x)
SELECT toTime(d) FROM (SELECT toNullable(toDateTime('2024-01-01 05:00:00')) d)
SELECT toTypeName(x), x FROM (SELECT arrayJoin([toTime(1), NULL]) x)
SELECT x.a::Time, x.b::Time64(2), x.c::Time64(1), x.d::Time, x.d::Time64(1) FROM (SELECT '{"a":3600, "b":5, "c":5.5, "d":"12"}'::JSON AS x)
SELECT toTime(toDateTime('2024-01-01 10:20:30')), toTypeName(toTime(toDateTime('2024-01-01 10:20:30'))) SETTINGS use_legacy_to_time = 1
-- Over columns.
SELECT toTime(t), toTime64(t, 2), toTime(toTimeZone(t, 'Asia/Kolkata')), toTime(n), toTime64(f, 3), toTime(d) FROM ev ORDER BY id
SELECT toTime(t) AS c, count(), min(c), max(toTime64(f, 2)) FROM ev GROUP BY c ORDER BY c
SELECT toTime(i) AS c, k, count(), uniq(c) FROM ev GROUP BY c, k ORDER BY c DESC, k
SELECT id, toTime64(f, 3) AS c FROM ev WHERE c > '00:00:03' AND c <= 5 ORDER BY c DESC, id LIMIT 7
SELECT k, groupArray(toTime(n)), avg(toTime(n)), any(toTime(n)), argMax(toTime(t), id), quantilesExact(0.5)(id) FROM ev GROUP BY k ORDER BY k
SELECT toTime(t) + toDate('2024-01-01'), toTime(t) - toTime('12:00:00'), toTime64(f, 3) - toTime(id), d + toTime(t) FROM ev ORDER BY id
SELECT max(toTime(t)) OVER (PARTITION BY k ORDER BY id), lagInFrame(toTime64(f, 1)) OVER (ORDER BY id) FROM ev ORDER BY id
SELECT a.id, b.id FROM ev AS a JOIN ev AS b ON toTime(a.t) = toTime64(b.t, 2) ORDER BY 1, 2
SELECT uniqExact(toTime(t)), uniq(toTime(t)), uniqCombined(toTime64(f, 2)), uniqHLL12(toTime(i)) FROM ev
SELECT toTime(id) AS c FROM ev WHERE c IN (SELECT toTime(id + 50) FROM ev) ORDER BY c
SELECT CAST(toTime(t) AS String), toString(toTime64(f, 3)), toInt32(toTime(t)), toDateTime(toTime(t)) FROM ev ORDER BY id LIMIT 5
SELECT DISTINCT toTime(id % 7) AS c FROM ev ORDER BY c LIMIT 3 WITH TIES
SELECT k, minMap(map(k, toTime(n))), groupUniqArray(toTime(id % 2)), topK(1)(toTime(1)) FROM ev GROUP BY k ORDER BY k
SELECT cityHash64(toTime(t)), sipHash64(toTime64(f, 3), k), xxHash64(toTime(i)) FROM ev ORDER BY id
SELECT if(id % 2 = 0, toTime(id), toTime64(id, 2)), coalesce(toTime(n), toTime(id)), greatest(toTime(n), toTime(id)), nullIf(toTime(id), toTime(3)) FROM ev ORDER BY id
SELECT toTime(t) AS c, sum(id) FROM ev GROUP BY ROLLUP(c) ORDER BY c, 2 LIMIT 5
SELECT toTime(id) AS c FROM ev WHERE id < 3 UNION ALL SELECT toTime64(id, 1) FROM ev WHERE id = 4
SELECT has(groupArray(toTime(id)), toTime(3)), arraySort(groupArray(toTime(n))), arrayMap(x -> x + 1, groupArray(toTime(id % 3))) FROM ev
SELECT JSONExtract(concat('{"a":"', toString(toTime(t)), '"}'), 'a', 'Time') = toTime(t) FROM ev ORDER BY id LIMIT 2
SELECT finalizeAggregation(s), toTypeName(s) FROM (SELECT maxState(toTime(id)) AS s FROM ev)
SELECT maxMerge(s), argMinMerge(m) FROM (SELECT k, maxState(toTime64(f, 2)) AS s, argMinState(toTime(t), id) AS m FROM ev GROUP BY k)
SELECT count() OVER (ORDER BY toTime(id) RANGE BETWEEN 3 PRECEDING AND CURRENT ROW) FROM ev ORDER BY id
-- Sums far beyond what a time holds: 32 and 64 bits wrap around, or refuse.
SELECT toTime(1) + 1e10, toTime(1) - 1e10, toTime(1) + toInt64(-9223372036854775808), toTime(1) + toInt64(5000000000), toTime(1) - toInt64(3000000000), toTime(1) + 2147483647, toTime(1) + toUInt32(4294967295), toTime(-1) - toUInt32(4294967295), toTime(1) + nan, toTime(-1) + nan
SELECT toTime(1) + INTERVAL 9223372036854775807 SECOND, toTime(1) + INTERVAL 9223372036854775807 HOUR, toTime(1) + INTERVAL 5000000000 SECOND, toTime(1) + INTERVAL 4294967296 SECOND, toTime(1) - INTERVAL 3000000000 SECOND, toTime(1) + INTERVAL 1000000 HOUR, toTime(1) + INTERVAL 596524 HOUR, toTime(1) + INTERVAL 10000000000 MINUTE
SELECT toTime64(1, 3) + 9223372036854774, toTime64(1, 3) - 9223372036854775, toTime64(1, 3) + INTERVAL 9223372036854775 MINUTE, toTime64(1, 3) + INTERVAL 9223372036854775 HOUR, toTime64(1, 3) + INTERVAL 9223372036854775 MILLISECOND, toTime64(1, 3) + INTERVAL 9223372036854775 DAY, toTime64(1, 3) + INTERVAL 100000000000 WEEK, toTime64(1, 3) - INTERVAL 9223372036854775 SECOND
SELECT subtractHours(toTime(1), toInt64(-9223372036854775808)), addSeconds(toTime(1), 9223372036854775807), toTime(id) + i * 1000000000, toTime64(id, 2) + i * 10000000000000 FROM ev ORDER BY id LIMIT 5
-- What takes no times.
! SELECT toTime64('1:2:3', 3)
! SELECT toTime('5555')
! SELECT toTime('12:00:00 ')
! SELECT toTime64OrDefault('x',3, toTime64('01:02:03',3))
! SELECT toMillisecond(toTime('12:34:56'))
! SELECT addDays(toTime('12:34:56'), 2)
! SELECT toDateTime('2024-01-01 10:00:00') + toTime('01:00:00')
! SELECT quantile(x), median(x), quantileExact(x) FROM (SELECT toTime(number*100) x, number FROM numbers(3))
! SELECT cityHash64(toTime('01:00:00')), sipHash64(toTime('01:00:00')), cityHash64(toTime64('01:00:00',3)), intHash32(toTime('01:00:00')), xxHash64(toTime('01:00:00'))
! SELECT dateTrunc('hour', toTime('12:34:56'))
! SELECT timeSlot(toTime('12:34:56'))
! SELECT toTime64('12:34:56.789',10)
! SELECT toTime64(nan,3)
! SELECT toTime(toDecimal64(3.7,2))
! SELECT toTimeOrNull(toDateTime('2024-01-01 00:00:00'))
! SELECT CAST('' AS Time64(3))
! SELECT toTime('12:34:56', 'UTC')
! SELECT toTime64('12:34:56', 3, 'UTC')
! SELECT toDecimal64(toTime('01:00:00'),2)
! SELECT toIPv4(toTime('01:00:00'))
! SELECT toTime('01:00:00') = 'x'
! SELECT toTime64('01:00:00',3) > toDate('2024-01-01')
! SELECT toTime('12:34:56') + toDecimal64(5,2)
! SELECT toTime('12:34:56') - toDateTime('2024-01-01 00:00:00')
! SELECT toDateTime64('2024-01-01 00:00:00',3) + toTime('12:34:56')
! SELECT addInterval(toTime('12:34:56'), INTERVAL 1 HOUR)
! SELECT dateDiff('second', toTime64('12:34:56',3), toTime('14:34:56'))
! SELECT toTimeZone(toTime('12:34:56'),'UTC')
! SELECT reinterpretAsInt32(toTime('12:34:56')), reinterpret(toTime('12:34:56'),'Int32'), reinterpretAsString(toTime('12:34:56'))
! SELECT not(toTime('00:00:00'))
! SELECT negate(toTime64('00:00:01',3))
! SELECT intDiv(toTime64('00:00:01',3) , 2)
! SELECT has([toTime('00:00:01')], '00:00:01')
! SELECT sum(x) FROM (SELECT toTime64(number*100,3) x FROM numbers(3))
! SELECT varPop(x) FROM (SELECT toTime(number*100) x FROM numbers(3))
! SELECT uniqCombined(x), uniqHLL12(x), uniqTheta(x), uniq(x), uniqCombined64(x), uniqUpTo(2)(x) FROM (SELECT toTime64(number*100,3) x FROM numbers(300))
! SELECT groupArrayMovingSum(x) FROM (SELECT toTime(number%2) x FROM numbers(3))
! SELECT sequenceMatch('(?1)')(x, x > 0, x > 1) FROM (SELECT toTime(number) x FROM numbers(3))
! SELECT cityHash64(toTime('01:00:00')), sipHash64(toTime('01:00:00')), xxHash64(toTime('01:00:00')), xxHash32(toTime('01:00:00')), murmurHash3_64(toTime('01:00:00')), farmHash64(toTime('01:00:00')), sipHash128(toTime('01:00:00')), metroHash64(toTime('01:00:00')), javaHash(1)
! SELECT toTime(number) t FROM numbers(2) UNION ALL SELECT toTime64(number,3) FROM numbers(2) ORDER BY t
! SELECT CAST('[''12:00:00'', ''13:00:00'']', 'Array(Time64(1))'), CAST('{''a'':''12:00:00''}', 'Map(String, Time)')
! SELECT toTime(toString(toDateTime('2024-01-01 00:00:00')))
! SELECT toTime(100) % toTime(7)
! SELECT CAST(toIPv4('0.0.0.5') AS Time64(3))
! SELECT toTime64(toInt128('-100000000000000000000000'),3)
! SELECT toTime('01:00:00') = toDecimal64(3600,2)
! SELECT toTime64OrZero('5', 12)
! SELECT toTime64('.5',1)
! SELECT toDayOfWeek(toTime(1))
! SELECT INTERVAL 1 HOUR - toTime(5)
! SELECT toTime('5') + '00:00:05'
SELECT toTimeWithFixedDate(toDateTime64('1969-12-31 23:59:58.500', 3, 'UTC')), toTimeWithFixedDate(toDateTime64('1969-12-31 23:59:58.000', 3, 'UTC')), toTimeWithFixedDate(toDateTime64('1960-01-01 00:00:00.500', 3, 'UTC')), toTimeWithFixedDate(toDateTime64('2024-05-01 10:20:30.500', 3, 'Asia/Tokyo')), toTimeWithFixedDate(toDateTime64('1970-01-01 03:00:00.500', 3, 'Asia/Tokyo')), toTimeWithFixedDate(toDateTime64('1970-01-01 09:30:00.500', 3, 'Asia/Tokyo'))
! SELECT toTimeWithFixedDate(toDate('2024-05-01'))
! SELECT toTime(1) + toUInt64(18446744073709551615)
! SELECT toTime(1) + inf
! SELECT toTime64(1, 3) + 9223372036854775
! SELECT toTime64(1, 3) + nan
! SELECT toTime64(1, 9) + 9223372036
! SELECT toTime64(1, 3) + INTERVAL 9223372036854775807 MILLISECOND
! SELECT addHours(toTime64(1, 3), toUInt64(18446744073709551615))
