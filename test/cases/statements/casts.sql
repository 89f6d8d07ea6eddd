SELECT 200 AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(200 AS UInt8) AS x
SELECT CAST(200 AS Int8) AS x
SELECT CAST(200 AS UInt16) AS x
SELECT CAST(200 AS Int32) AS x
SELECT CAST(200 AS UInt64) AS x
SELECT CAST(200 AS Int64) AS x
SELECT CAST(200 AS Float32) AS x
SELECT CAST(200 AS Float64) AS x
SELECT CAST(200 AS Bool) AS x
SELECT CAST(200 AS String) AS x
SELECT CAST(200 AS Date) AS x
SELECT CAST(200 AS Date32) AS x
SELECT CAST(200 AS DateTime) AS x
SELECT CAST(200 AS DateTime('Europe/Berlin')) AS x
SELECT CAST(200 AS DateTime64(3)) AS x
SELECT CAST(200 AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(200 AS Decimal(9, 2)) AS x
SELECT CAST(200 AS Decimal(38, 4)) AS x
SELECT CAST(200 AS IPv4) AS x
SELECT CAST(200 AS LowCardinality(String)) AS x
SELECT CAST(200 AS Nullable(Int32)) AS x
SELECT CAST(200 AS Nullable(String)) AS x
SELECT CAST(200 AS Nullable(DateTime)) AS x
SELECT CAST(200 AS LowCardinality(Nullable(String))) AS x
SELECT toInt8(-5) AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toInt8(-5) AS UInt8) AS x
SELECT CAST(toInt8(-5) AS Int8) AS x
SELECT CAST(toInt8(-5) AS UInt16) AS x
SELECT CAST(toInt8(-5) AS Int32) AS x
SELECT CAST(toInt8(-5) AS UInt64) AS x
SELECT CAST(toInt8(-5) AS Int64) AS x
SELECT CAST(toInt8(-5) AS Float32) AS x
SELECT CAST(toInt8(-5) AS Float64) AS x
SELECT CAST(toInt8(-5) AS Bool) AS x
SELECT CAST(toInt8(-5) AS String) AS x
SELECT CAST(toInt8(-5) AS Date) AS x
SELECT CAST(toInt8(-5) AS Date32) AS x
SELECT CAST(toInt8(-5) AS DateTime) AS x
SELECT CAST(toInt8(-5) AS DateTime('Europe/Berlin')) AS x
SELECT CAST(toInt8(-5) AS DateTime64(3)) AS x
SELECT CAST(toInt8(-5) AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(toInt8(-5) AS Decimal(9, 2)) AS x
SELECT CAST(toInt8(-5) AS Decimal(38, 4)) AS x
SELECT CAST(toInt8(-5) AS LowCardinality(String)) AS x
SELECT CAST(toInt8(-5) AS Nullable(Int32)) AS x
SELECT CAST(toInt8(-5) AS Nullable(String)) AS x
SELECT CAST(toInt8(-5) AS Nullable(DateTime)) AS x
SELECT CAST(toInt8(-5) AS LowCardinality(Nullable(String))) AS x
SELECT toUInt16(60000) AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toUInt16(60000) AS UInt8) AS x
SELECT CAST(toUInt16(60000) AS Int8) AS x
SELECT CAST(toUInt16(60000) AS UInt16) AS x
SELECT CAST(toUInt16(60000) AS Int32) AS x
SELECT CAST(toUInt16(60000) AS UInt64) AS x
SELECT CAST(toUInt16(60000) AS Int64) AS x
SELECT CAST(toUInt16(60000) AS Float32) AS x
SELECT CAST(toUInt16(60000) AS Float64) AS x
SELECT CAST(toUInt16(60000) AS Bool) AS x
SELECT CAST(toUInt16(60000) AS String) AS x
SELECT CAST(toUInt16(60000) AS Date) AS x
SELECT CAST(toUInt16(60000) AS Date32) AS x
SELECT CAST(toUInt16(60000) AS DateTime) AS x
SELECT CAST(toUInt16(60000) AS DateTime('Europe/Berlin')) AS x
SELECT CAST(toUInt16(60000) AS DateTime64(3)) AS x
SELECT CAST(toUInt16(60000) AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(toUInt16(60000) AS Decimal(9, 2)) AS x
SELECT CAST(toUInt16(60000) AS Decimal(38, 4)) AS x
SELECT CAST(toUInt16(60000) AS IPv4) AS x
SELECT CAST(toUInt16(60000) AS LowCardinality(String)) AS x
SELECT CAST(toUInt16(60000) AS Nullable(Int32)) AS x
SELECT CAST(toUInt16(60000) AS Nullable(String)) AS x
SELECT CAST(toUInt16(60000) AS Nullable(DateTime)) AS x
SELECT CAST(toUInt16(60000) AS LowCardinality(Nullable(String))) AS x
SELECT toInt16(-300) AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toInt16(-300) AS UInt8) AS x
SELECT CAST(toInt16(-300) AS Int8) AS x
SELECT CAST(toInt16(-300) AS UInt16) AS x
SELECT CAST(toInt16(-300) AS Int32) AS x
SELECT CAST(toInt16(-300) AS UInt64) AS x
SELECT CAST(toInt16(-300) AS Int64) AS x
SELECT CAST(toInt16(-300) AS Float32) AS x
SELECT CAST(toInt16(-300) AS Float64) AS x
SELECT CAST(toInt16(-300) AS Bool) AS x
SELECT CAST(toInt16(-300) AS String) AS x
SELECT CAST(toInt16(-300) AS Date) AS x
SELECT CAST(toInt16(-300) AS Date32) AS x
SELECT CAST(toInt16(-300) AS DateTime) AS x
SELECT CAST(toInt16(-300) AS DateTime('Europe/Berlin')) AS x
SELECT CAST(toInt16(-300) AS DateTime64(3)) AS x
SELECT CAST(toInt16(-300) AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(toInt16(-300) AS Decimal(9, 2)) AS x
SELECT CAST(toInt16(-300) AS Decimal(38, 4)) AS x
SELECT CAST(toInt16(-300) AS LowCardinality(String)) AS x
SELECT CAST(toInt16(-300) AS Nullable(Int32)) AS x
SELECT CAST(toInt16(-300) AS Nullable(String)) AS x
SELECT CAST(toInt16(-300) AS Nullable(DateTime)) AS x
SELECT CAST(toInt16(-300) AS LowCardinality(Nullable(String))) AS x
SELECT toUInt32(4000000000) AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toUInt32(4000000000) AS UInt8) AS x
SELECT CAST(toUInt32(4000000000) AS Int8) AS x
SELECT CAST(toUInt32(4000000000) AS UInt16) AS x
SELECT CAST(toUInt32(4000000000) AS Int32) AS x
SELECT CAST(toUInt32(4000000000) AS UInt64) AS x
SELECT CAST(toUInt32(4000000000) AS Int64) AS x
SELECT CAST(toUInt32(4000000000) AS Float32) AS x
SELECT CAST(toUInt32(4000000000) AS Float64) AS x
SELECT CAST(toUInt32(4000000000) AS Bool) AS x
SELECT CAST(toUInt32(4000000000) AS String) AS x
SELECT CAST(toUInt32(4000000000) AS Date) AS x
SELECT CAST(toUInt32(4000000000) AS Date32) AS x
SELECT CAST(toUInt32(4000000000) AS DateTime) AS x
SELECT CAST(toUInt32(4000000000) AS DateTime('Europe/Berlin')) AS x
SELECT CAST(toUInt32(4000000000) AS DateTime64(3)) AS x
SELECT CAST(toUInt32(4000000000) AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(toUInt32(4000000000) AS Decimal(38, 4)) AS x
SELECT CAST(toUInt32(4000000000) AS IPv4) AS x
SELECT CAST(toUInt32(4000000000) AS LowCardinality(String)) AS x
SELECT CAST(toUInt32(4000000000) AS Nullable(Int32)) AS x
SELECT CAST(toUInt32(4000000000) AS Nullable(String)) AS x
SELECT CAST(toUInt32(4000000000) AS Nullable(DateTime)) AS x
SELECT CAST(toUInt32(4000000000) AS LowCardinality(Nullable(String))) AS x
SELECT toInt32(-70000) AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toInt32(-70000) AS UInt8) AS x
SELECT CAST(toInt32(-70000) AS Int8) AS x
SELECT CAST(toInt32(-70000) AS UInt16) AS x
SELECT CAST(toInt32(-70000) AS Int32) AS x
SELECT CAST(toInt32(-70000) AS UInt64) AS x
SELECT CAST(toInt32(-70000) AS Int64) AS x
SELECT CAST(toInt32(-70000) AS Float32) AS x
SELECT CAST(toInt32(-70000) AS Float64) AS x
SELECT CAST(toInt32(-70000) AS Bool) AS x
SELECT CAST(toInt32(-70000) AS String) AS x
SELECT CAST(toInt32(-70000) AS Date) AS x
SELECT CAST(toInt32(-70000) AS Date32) AS x
SELECT CAST(toInt32(-70000) AS DateTime) AS x
SELECT CAST(toInt32(-70000) AS DateTime('Europe/Berlin')) AS x
SELECT CAST(toInt32(-70000) AS DateTime64(3)) AS x
SELECT CAST(toInt32(-70000) AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(toInt32(-70000) AS Decimal(9, 2)) AS x
SELECT CAST(toInt32(-70000) AS Decimal(38, 4)) AS x
SELECT CAST(toInt32(-70000) AS LowCardinality(String)) AS x
SELECT CAST(toInt32(-70000) AS Nullable(Int32)) AS x
SELECT CAST(toInt32(-70000) AS Nullable(String)) AS x
SELECT CAST(toInt32(-70000) AS Nullable(DateTime)) AS x
SELECT CAST(toInt32(-70000) AS LowCardinality(Nullable(String))) AS x
SELECT toUInt64('18446744073709551615') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toUInt64('18446744073709551615') AS UInt8) AS x
SELECT CAST(toUInt64('18446744073709551615') AS Int8) AS x
SELECT CAST(toUInt64('18446744073709551615') AS UInt16) AS x
SELECT CAST(toUInt64('18446744073709551615') AS Int32) AS x
SELECT CAST(toUInt64('18446744073709551615') AS UInt64) AS x
SELECT CAST(toUInt64('18446744073709551615') AS Int64) AS x
SELECT CAST(toUInt64('18446744073709551615') AS Float32) AS x
SELECT CAST(toUInt64('18446744073709551615') AS Float64) AS x
SELECT CAST(toUInt64('18446744073709551615') AS Bool) AS x
SELECT CAST(toUInt64('18446744073709551615') AS String) AS x
SELECT CAST(toUInt64('18446744073709551615') AS Date) AS x
SELECT CAST(toUInt64('18446744073709551615') AS DateTime) AS x
SELECT CAST(toUInt64('18446744073709551615') AS DateTime('Europe/Berlin')) AS x
SELECT CAST(toUInt64('18446744073709551615') AS DateTime64(3)) AS x
SELECT CAST(toUInt64('18446744073709551615') AS Decimal(38, 4)) AS x
SELECT CAST(toUInt64('18446744073709551615') AS IPv4) AS x
SELECT CAST(toUInt64('18446744073709551615') AS LowCardinality(String)) AS x
SELECT CAST(toUInt64('18446744073709551615') AS Nullable(Int32)) AS x
SELECT CAST(toUInt64('18446744073709551615') AS Nullable(String)) AS x
SELECT CAST(toUInt64('18446744073709551615') AS Nullable(DateTime)) AS x
SELECT CAST(toUInt64('18446744073709551615') AS LowCardinality(Nullable(String))) AS x
SELECT toInt64('-9223372036854775808') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toInt64('-9223372036854775808') AS UInt8) AS x
SELECT CAST(toInt64('-9223372036854775808') AS Int8) AS x
SELECT CAST(toInt64('-9223372036854775808') AS UInt16) AS x
SELECT CAST(toInt64('-9223372036854775808') AS Int32) AS x
SELECT CAST(toInt64('-9223372036854775808') AS UInt64) AS x
SELECT CAST(toInt64('-9223372036854775808') AS Int64) AS x
SELECT CAST(toInt64('-9223372036854775808') AS Float32) AS x
SELECT CAST(toInt64('-9223372036854775808') AS Float64) AS x
SELECT CAST(toInt64('-9223372036854775808') AS Bool) AS x
SELECT CAST(toInt64('-9223372036854775808') AS String) AS x
SELECT CAST(toInt64('-9223372036854775808') AS Date) AS x
SELECT CAST(toInt64('-9223372036854775808') AS Date32) AS x
SELECT CAST(toInt64('-9223372036854775808') AS DateTime) AS x
SELECT CAST(toInt64('-9223372036854775808') AS DateTime('Europe/Berlin')) AS x
SELECT CAST(toInt64('-9223372036854775808') AS DateTime64(3)) AS x
SELECT CAST(toInt64('-9223372036854775808') AS Decimal(38, 4)) AS x
SELECT CAST(toInt64('-9223372036854775808') AS LowCardinality(String)) AS x
SELECT CAST(toInt64('-9223372036854775808') AS Nullable(Int32)) AS x
SELECT CAST(toInt64('-9223372036854775808') AS Nullable(String)) AS x
SELECT CAST(toInt64('-9223372036854775808') AS Nullable(DateTime)) AS x
SELECT CAST(toInt64('-9223372036854775808') AS LowCardinality(Nullable(String))) AS x
SELECT toInt128('-12345678901234567890123') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toInt128('-12345678901234567890123') AS UInt8) AS x
SELECT CAST(toInt128('-12345678901234567890123') AS Int8) AS x
SELECT CAST(toInt128('-12345678901234567890123') AS UInt16) AS x
SELECT CAST(toInt128('-12345678901234567890123') AS Int32) AS x
SELECT CAST(toInt128('-12345678901234567890123') AS UInt64) AS x
SELECT CAST(toInt128('-12345678901234567890123') AS Int64) AS x
SELECT CAST(toInt128('-12345678901234567890123') AS Float32) AS x
SELECT CAST(toInt128('-12345678901234567890123') AS Float64) AS x
SELECT CAST(toInt128('-12345678901234567890123') AS Bool) AS x
SELECT CAST(toInt128('-12345678901234567890123') AS String) AS x
SELECT CAST(toInt128('-12345678901234567890123') AS Date) AS x
SELECT CAST(toInt128('-12345678901234567890123') AS Date32) AS x
SELECT CAST(toInt128('-12345678901234567890123') AS LowCardinality(String)) AS x
SELECT CAST(toInt128('-12345678901234567890123') AS Nullable(Int32)) AS x
SELECT CAST(toInt128('-12345678901234567890123') AS Nullable(String)) AS x
SELECT CAST(toInt128('-12345678901234567890123') AS LowCardinality(Nullable(String))) AS x
SELECT toFloat32(1.5) AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toFloat32(1.5) AS UInt8) AS x
SELECT CAST(toFloat32(1.5) AS Int8) AS x
SELECT CAST(toFloat32(1.5) AS UInt16) AS x
SELECT CAST(toFloat32(1.5) AS Int32) AS x
SELECT CAST(toFloat32(1.5) AS UInt64) AS x
SELECT CAST(toFloat32(1.5) AS Int64) AS x
SELECT CAST(toFloat32(1.5) AS Float32) AS x
SELECT CAST(toFloat32(1.5) AS Float64) AS x
SELECT CAST(toFloat32(1.5) AS Bool) AS x
SELECT CAST(toFloat32(1.5) AS String) AS x
SELECT CAST(toFloat32(1.5) AS Date) AS x
SELECT CAST(toFloat32(1.5) AS Date32) AS x
SELECT CAST(toFloat32(1.5) AS DateTime) AS x
SELECT CAST(toFloat32(1.5) AS DateTime('Europe/Berlin')) AS x
SELECT CAST(toFloat32(1.5) AS DateTime64(3)) AS x
SELECT CAST(toFloat32(1.5) AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(toFloat32(1.5) AS Decimal(9, 2)) AS x
SELECT CAST(toFloat32(1.5) AS Decimal(38, 4)) AS x
SELECT CAST(toFloat32(1.5) AS LowCardinality(String)) AS x
SELECT CAST(toFloat32(1.5) AS Nullable(Int32)) AS x
SELECT CAST(toFloat32(1.5) AS Nullable(String)) AS x
SELECT CAST(toFloat32(1.5) AS Nullable(DateTime)) AS x
SELECT CAST(toFloat32(1.5) AS LowCardinality(Nullable(String))) AS x
SELECT -2.25 AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(-2.25 AS UInt8) AS x
SELECT CAST(-2.25 AS Int8) AS x
SELECT CAST(-2.25 AS UInt16) AS x
SELECT CAST(-2.25 AS Int32) AS x
SELECT CAST(-2.25 AS UInt64) AS x
SELECT CAST(-2.25 AS Int64) AS x
SELECT CAST(-2.25 AS Float32) AS x
SELECT CAST(-2.25 AS Float64) AS x
SELECT CAST(-2.25 AS Bool) AS x
SELECT CAST(-2.25 AS String) AS x
SELECT CAST(-2.25 AS Date) AS x
SELECT CAST(-2.25 AS Date32) AS x
SELECT CAST(-2.25 AS DateTime) AS x
SELECT CAST(-2.25 AS DateTime('Europe/Berlin')) AS x
SELECT CAST(-2.25 AS DateTime64(3)) AS x
SELECT CAST(-2.25 AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(-2.25 AS Decimal(9, 2)) AS x
SELECT CAST(-2.25 AS Decimal(38, 4)) AS x
SELECT CAST(-2.25 AS LowCardinality(String)) AS x
SELECT CAST(-2.25 AS Nullable(Int32)) AS x
SELECT CAST(-2.25 AS Nullable(String)) AS x
SELECT CAST(-2.25 AS Nullable(DateTime)) AS x
SELECT CAST(-2.25 AS LowCardinality(Nullable(String))) AS x
SELECT true AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(true AS UInt8) AS x
SELECT CAST(true AS Int8) AS x
SELECT CAST(true AS UInt16) AS x
SELECT CAST(true AS Int32) AS x
SELECT CAST(true AS UInt64) AS x
SELECT CAST(true AS Int64) AS x
SELECT CAST(true AS Float32) AS x
SELECT CAST(true AS Float64) AS x
SELECT CAST(true AS Bool) AS x
SELECT CAST(true AS String) AS x
SELECT CAST(true AS FixedString(12)) AS x
SELECT CAST(true AS Date) AS x
SELECT CAST(true AS Date32) AS x
SELECT CAST(true AS DateTime) AS x
SELECT CAST(true AS DateTime('Europe/Berlin')) AS x
SELECT CAST(true AS DateTime64(3)) AS x
SELECT CAST(true AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(true AS Decimal(9, 2)) AS x
SELECT CAST(true AS Decimal(38, 4)) AS x
SELECT CAST(true AS Enum8('a' = 1, 'b' = 2)) AS x
SELECT CAST(true AS IPv4) AS x
SELECT CAST(true AS LowCardinality(String)) AS x
SELECT CAST(true AS Nullable(Int32)) AS x
SELECT CAST(true AS Nullable(String)) AS x
SELECT CAST(true AS Nullable(DateTime)) AS x
SELECT CAST(true AS LowCardinality(Nullable(String))) AS x
SELECT '2024-02-29' AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST('2024-02-29' AS String) AS x
SELECT CAST('2024-02-29' AS FixedString(12)) AS x
SELECT CAST('2024-02-29' AS Date) AS x
SELECT CAST('2024-02-29' AS Date32) AS x
SELECT CAST('2024-02-29' AS DateTime) AS x
SELECT CAST('2024-02-29' AS DateTime('Europe/Berlin')) AS x
SELECT CAST('2024-02-29' AS DateTime64(3)) AS x
SELECT CAST('2024-02-29' AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST('2024-02-29' AS LowCardinality(String)) AS x
SELECT CAST('2024-02-29' AS Nullable(Int32)) AS x
SELECT CAST('2024-02-29' AS Nullable(String)) AS x
SELECT CAST('2024-02-29' AS Nullable(DateTime)) AS x
SELECT CAST('2024-02-29' AS LowCardinality(Nullable(String))) AS x
SELECT toFixedString('abc', 5) AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toFixedString('abc', 5) AS String) AS x
SELECT CAST(toFixedString('abc', 5) AS FixedString(12)) AS x
SELECT CAST(toFixedString('abc', 5) AS LowCardinality(String)) AS x
SELECT CAST(toFixedString('abc', 5) AS Nullable(String)) AS x
SELECT CAST(toFixedString('abc', 5) AS LowCardinality(Nullable(String))) AS x
SELECT toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS String) AS x
SELECT CAST(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS UUID) AS x
SELECT CAST(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS LowCardinality(String)) AS x
SELECT CAST(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS Nullable(String)) AS x
SELECT CAST(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS LowCardinality(Nullable(String))) AS x
SELECT toDate('2024-02-29') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toDate('2024-02-29') AS UInt8) AS x
SELECT CAST(toDate('2024-02-29') AS Int8) AS x
SELECT CAST(toDate('2024-02-29') AS UInt16) AS x
SELECT CAST(toDate('2024-02-29') AS Int32) AS x
SELECT CAST(toDate('2024-02-29') AS UInt64) AS x
SELECT CAST(toDate('2024-02-29') AS Int64) AS x
SELECT CAST(toDate('2024-02-29') AS Float32) AS x
SELECT CAST(toDate('2024-02-29') AS Float64) AS x
SELECT CAST(toDate('2024-02-29') AS Bool) AS x
SELECT CAST(toDate('2024-02-29') AS String) AS x
SELECT CAST(toDate('2024-02-29') AS Date) AS x
SELECT CAST(toDate('2024-02-29') AS Date32) AS x
SELECT CAST(toDate('2024-02-29') AS DateTime) AS x
SELECT CAST(toDate('2024-02-29') AS DateTime('Europe/Berlin')) AS x
SELECT CAST(toDate('2024-02-29') AS DateTime64(3)) AS x
SELECT CAST(toDate('2024-02-29') AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(toDate('2024-02-29') AS LowCardinality(String)) AS x
SELECT CAST(toDate('2024-02-29') AS Nullable(Int32)) AS x
SELECT CAST(toDate('2024-02-29') AS Nullable(String)) AS x
SELECT CAST(toDate('2024-02-29') AS Nullable(DateTime)) AS x
SELECT CAST(toDate('2024-02-29') AS LowCardinality(Nullable(String))) AS x
SELECT toDate32('1950-03-04') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toDate32('1950-03-04') AS UInt8) AS x
SELECT CAST(toDate32('1950-03-04') AS Int8) AS x
SELECT CAST(toDate32('1950-03-04') AS UInt16) AS x
SELECT CAST(toDate32('1950-03-04') AS Int32) AS x
SELECT CAST(toDate32('1950-03-04') AS UInt64) AS x
SELECT CAST(toDate32('1950-03-04') AS Int64) AS x
SELECT CAST(toDate32('1950-03-04') AS Float32) AS x
SELECT CAST(toDate32('1950-03-04') AS Float64) AS x
SELECT CAST(toDate32('1950-03-04') AS Bool) AS x
SELECT CAST(toDate32('1950-03-04') AS String) AS x
SELECT CAST(toDate32('1950-03-04') AS Date) AS x
SELECT CAST(toDate32('1950-03-04') AS Date32) AS x
SELECT CAST(toDate32('1950-03-04') AS DateTime64(3)) AS x
SELECT CAST(toDate32('1950-03-04') AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(toDate32('1950-03-04') AS LowCardinality(String)) AS x
SELECT CAST(toDate32('1950-03-04') AS Nullable(Int32)) AS x
SELECT CAST(toDate32('1950-03-04') AS Nullable(String)) AS x
SELECT CAST(toDate32('1950-03-04') AS LowCardinality(Nullable(String))) AS x
SELECT toDateTime('2024-02-29 10:11:12') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS UInt8) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS Int8) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS UInt16) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS Int32) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS UInt64) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS Int64) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS Float32) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS Float64) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS Bool) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS String) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS Date) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS Date32) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS DateTime) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS DateTime('Europe/Berlin')) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS DateTime64(3)) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS LowCardinality(String)) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS Nullable(Int32)) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS Nullable(String)) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS Nullable(DateTime)) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12') AS LowCardinality(Nullable(String))) AS x
SELECT toDateTime('2024-02-29 10:11:12', 'America/New_York') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS UInt8) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS Int8) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS UInt16) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS Int32) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS UInt64) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS Int64) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS Float32) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS Float64) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS Bool) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS String) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS Date) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS Date32) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS DateTime) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS DateTime('Europe/Berlin')) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS DateTime64(3)) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS LowCardinality(String)) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS Nullable(Int32)) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS Nullable(String)) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS Nullable(DateTime)) AS x
SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS LowCardinality(Nullable(String))) AS x
SELECT toDateTime64('2024-02-29 10:11:12.345', 3) AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS Int32) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS UInt64) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS Int64) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS Float32) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS Float64) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS Bool) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS String) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS Date) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS Date32) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS DateTime) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS DateTime('Europe/Berlin')) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS DateTime64(3)) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS Decimal(38, 4)) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS LowCardinality(String)) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS Nullable(Int32)) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS Nullable(String)) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS Nullable(DateTime)) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS LowCardinality(Nullable(String))) AS x
SELECT toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS Int32) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS UInt64) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS Int64) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS Float32) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS Float64) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS Bool) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS String) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS Date) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS Date32) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS DateTime) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS DateTime('Europe/Berlin')) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS DateTime64(3)) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS Decimal(38, 4)) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS LowCardinality(String)) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS Nullable(Int32)) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS Nullable(String)) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS Nullable(DateTime)) AS x
SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS LowCardinality(Nullable(String))) AS x
SELECT toDecimal32('-1.25', 2) AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toDecimal32('-1.25', 2) AS Int8) AS x
SELECT CAST(toDecimal32('-1.25', 2) AS Int32) AS x
SELECT CAST(toDecimal32('-1.25', 2) AS Int64) AS x
SELECT CAST(toDecimal32('-1.25', 2) AS Float32) AS x
SELECT CAST(toDecimal32('-1.25', 2) AS Float64) AS x
SELECT CAST(toDecimal32('-1.25', 2) AS Bool) AS x
SELECT CAST(toDecimal32('-1.25', 2) AS String) AS x
SELECT CAST(toDecimal32('-1.25', 2) AS DateTime64(3)) AS x
SELECT CAST(toDecimal32('-1.25', 2) AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(toDecimal32('-1.25', 2) AS Decimal(9, 2)) AS x
SELECT CAST(toDecimal32('-1.25', 2) AS Decimal(38, 4)) AS x
SELECT CAST(toDecimal32('-1.25', 2) AS LowCardinality(String)) AS x
SELECT CAST(toDecimal32('-1.25', 2) AS Nullable(Int32)) AS x
SELECT CAST(toDecimal32('-1.25', 2) AS Nullable(String)) AS x
SELECT CAST(toDecimal32('-1.25', 2) AS LowCardinality(Nullable(String))) AS x
SELECT toDecimal64('123456.7891', 4) AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toDecimal64('123456.7891', 4) AS Int32) AS x
SELECT CAST(toDecimal64('123456.7891', 4) AS UInt64) AS x
SELECT CAST(toDecimal64('123456.7891', 4) AS Int64) AS x
SELECT CAST(toDecimal64('123456.7891', 4) AS Float32) AS x
SELECT CAST(toDecimal64('123456.7891', 4) AS Float64) AS x
SELECT CAST(toDecimal64('123456.7891', 4) AS Bool) AS x
SELECT CAST(toDecimal64('123456.7891', 4) AS String) AS x
SELECT CAST(toDecimal64('123456.7891', 4) AS DateTime64(3)) AS x
SELECT CAST(toDecimal64('123456.7891', 4) AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(toDecimal64('123456.7891', 4) AS Decimal(9, 2)) AS x
SELECT CAST(toDecimal64('123456.7891', 4) AS Decimal(38, 4)) AS x
SELECT CAST(toDecimal64('123456.7891', 4) AS LowCardinality(String)) AS x
SELECT CAST(toDecimal64('123456.7891', 4) AS Nullable(Int32)) AS x
SELECT CAST(toDecimal64('123456.7891', 4) AS Nullable(String)) AS x
SELECT CAST(toDecimal64('123456.7891', 4) AS LowCardinality(Nullable(String))) AS x
SELECT toDecimal128('12345678901234567890.5', 3) AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toDecimal128('12345678901234567890.5', 3) AS UInt64) AS x
SELECT CAST(toDecimal128('12345678901234567890.5', 3) AS Float32) AS x
SELECT CAST(toDecimal128('12345678901234567890.5', 3) AS Float64) AS x
SELECT CAST(toDecimal128('12345678901234567890.5', 3) AS Bool) AS x
SELECT CAST(toDecimal128('12345678901234567890.5', 3) AS String) AS x
SELECT CAST(toDecimal128('12345678901234567890.5', 3) AS Decimal(38, 4)) AS x
SELECT CAST(toDecimal128('12345678901234567890.5', 3) AS LowCardinality(String)) AS x
SELECT CAST(toDecimal128('12345678901234567890.5', 3) AS Nullable(String)) AS x
SELECT CAST(toDecimal128('12345678901234567890.5', 3) AS LowCardinality(Nullable(String))) AS x
SELECT CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS UInt8) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS Int8) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS UInt16) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS Int32) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS UInt64) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS Int64) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS Float32) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS Float64) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS Bool) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS String) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS FixedString(12)) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS Date) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS Date32) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS DateTime) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS DateTime('Europe/Berlin')) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS Enum8('a' = 1, 'b' = 2)) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS LowCardinality(String)) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS Nullable(Int32)) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS Nullable(String)) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS Nullable(DateTime)) AS x
SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS LowCardinality(Nullable(String))) AS x
SELECT CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS UInt8) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS Int8) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS UInt16) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS Int32) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS UInt64) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS Int64) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS Float32) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS Float64) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS Bool) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS String) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS FixedString(12)) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS Date) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS Date32) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS DateTime) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS DateTime('Europe/Berlin')) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS LowCardinality(String)) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS Nullable(Int32)) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS Nullable(String)) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS Nullable(DateTime)) AS x
SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS LowCardinality(Nullable(String))) AS x
SELECT toIPv4('1.2.3.4') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toIPv4('1.2.3.4') AS UInt64) AS x
SELECT CAST(toIPv4('1.2.3.4') AS Bool) AS x
SELECT CAST(toIPv4('1.2.3.4') AS String) AS x
SELECT CAST(toIPv4('1.2.3.4') AS IPv4) AS x
SELECT CAST(toIPv4('1.2.3.4') AS IPv6) AS x
SELECT CAST(toIPv4('1.2.3.4') AS LowCardinality(String)) AS x
SELECT CAST(toIPv4('1.2.3.4') AS Nullable(String)) AS x
SELECT CAST(toIPv4('1.2.3.4') AS LowCardinality(Nullable(String))) AS x
SELECT toIPv6('2001:db8::1') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toIPv6('2001:db8::1') AS String) AS x
SELECT CAST(toIPv6('2001:db8::1') AS IPv6) AS x
SELECT CAST(toIPv6('2001:db8::1') AS LowCardinality(String)) AS x
SELECT CAST(toIPv6('2001:db8::1') AS Nullable(String)) AS x
SELECT CAST(toIPv6('2001:db8::1') AS LowCardinality(Nullable(String))) AS x
SELECT CAST(toLowCardinality('lc') AS String) AS x
SELECT CAST(toLowCardinality('lc') AS FixedString(12)) AS x
SELECT CAST(toLowCardinality('lc') AS LowCardinality(String)) AS x
SELECT CAST(toLowCardinality('lc') AS Nullable(Int32)) AS x
SELECT CAST(toLowCardinality('lc') AS Nullable(String)) AS x
SELECT CAST(toLowCardinality('lc') AS Nullable(DateTime)) AS x
SELECT CAST(toLowCardinality('lc') AS LowCardinality(Nullable(String))) AS x
SELECT CAST(CAST('q', 'LowCardinality(Nullable(String))') AS String) AS x
SELECT CAST(CAST('q', 'LowCardinality(Nullable(String))') AS FixedString(12)) AS x
SELECT CAST(CAST('q', 'LowCardinality(Nullable(String))') AS LowCardinality(String)) AS x
SELECT CAST(CAST('q', 'LowCardinality(Nullable(String))') AS Nullable(Int32)) AS x
SELECT CAST(CAST('q', 'LowCardinality(Nullable(String))') AS Nullable(String)) AS x
SELECT CAST(CAST('q', 'LowCardinality(Nullable(String))') AS Nullable(DateTime)) AS x
SELECT CAST(CAST('q', 'LowCardinality(Nullable(String))') AS LowCardinality(Nullable(String))) AS x
SELECT toNullable(toInt32(7)) AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toNullable(toInt32(7)) AS UInt8) AS x
SELECT CAST(toNullable(toInt32(7)) AS Int8) AS x
SELECT CAST(toNullable(toInt32(7)) AS UInt16) AS x
SELECT CAST(toNullable(toInt32(7)) AS Int32) AS x
SELECT CAST(toNullable(toInt32(7)) AS UInt64) AS x
SELECT CAST(toNullable(toInt32(7)) AS Int64) AS x
SELECT CAST(toNullable(toInt32(7)) AS Float32) AS x
SELECT CAST(toNullable(toInt32(7)) AS Float64) AS x
SELECT CAST(toNullable(toInt32(7)) AS Bool) AS x
SELECT CAST(toNullable(toInt32(7)) AS String) AS x
SELECT CAST(toNullable(toInt32(7)) AS Date) AS x
SELECT CAST(toNullable(toInt32(7)) AS Date32) AS x
SELECT CAST(toNullable(toInt32(7)) AS DateTime) AS x
SELECT CAST(toNullable(toInt32(7)) AS DateTime('Europe/Berlin')) AS x
SELECT CAST(toNullable(toInt32(7)) AS DateTime64(3)) AS x
SELECT CAST(toNullable(toInt32(7)) AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(toNullable(toInt32(7)) AS Decimal(9, 2)) AS x
SELECT CAST(toNullable(toInt32(7)) AS Decimal(38, 4)) AS x
SELECT CAST(toNullable(toInt32(7)) AS LowCardinality(String)) AS x
SELECT CAST(toNullable(toInt32(7)) AS Nullable(Int32)) AS x
SELECT CAST(toNullable(toInt32(7)) AS Nullable(String)) AS x
SELECT CAST(toNullable(toInt32(7)) AS Nullable(DateTime)) AS x
SELECT CAST(toNullable(toInt32(7)) AS LowCardinality(Nullable(String))) AS x
SELECT toNullable('x') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toNullable('x') AS String) AS x
SELECT CAST(toNullable('x') AS FixedString(12)) AS x
SELECT CAST(toNullable('x') AS LowCardinality(String)) AS x
SELECT CAST(toNullable('x') AS Nullable(Int32)) AS x
SELECT CAST(toNullable('x') AS Nullable(String)) AS x
SELECT CAST(toNullable('x') AS Nullable(DateTime)) AS x
SELECT CAST(toNullable('x') AS LowCardinality(Nullable(String))) AS x
SELECT NULL AS x, toTypeName(x), toString(x)
SELECT CAST(NULL AS Nullable(Int32)) AS x
SELECT CAST(NULL AS Nullable(String)) AS x
SELECT CAST(NULL AS Nullable(DateTime)) AS x
SELECT CAST(NULL AS LowCardinality(Nullable(String))) AS x
SELECT [1, 2, 3] AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST([1, 2, 3] AS String) AS x
SELECT CAST([1, 2, 3] AS LowCardinality(String)) AS x
SELECT CAST([1, 2, 3] AS Nullable(String)) AS x
SELECT CAST([1, 2, 3] AS Array(String)) AS x
SELECT CAST([1, 2, 3] AS Array(Int64)) AS x
SELECT CAST([1, 2, 3] AS Array(Nullable(Float64))) AS x
SELECT CAST([1, 2, 3] AS LowCardinality(Nullable(String))) AS x
SELECT ['a', 'b\'c'] AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(['a', 'b\'c'] AS String) AS x
SELECT CAST(['a', 'b\'c'] AS LowCardinality(String)) AS x
SELECT CAST(['a', 'b\'c'] AS Nullable(String)) AS x
SELECT CAST(['a', 'b\'c'] AS Array(String)) AS x
SELECT CAST(['a', 'b\'c'] AS Array(Nullable(Float64))) AS x
SELECT CAST(['a', 'b\'c'] AS LowCardinality(Nullable(String))) AS x
SELECT [1, NULL] AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST([1, NULL] AS String) AS x
SELECT CAST([1, NULL] AS LowCardinality(String)) AS x
SELECT CAST([1, NULL] AS Nullable(String)) AS x
SELECT CAST([1, NULL] AS Array(Nullable(Float64))) AS x
SELECT CAST([1, NULL] AS LowCardinality(Nullable(String))) AS x
SELECT [[1], []] AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST([[1], []] AS String) AS x
SELECT CAST([[1], []] AS LowCardinality(String)) AS x
SELECT CAST([[1], []] AS Nullable(String)) AS x
SELECT CAST([[1], []] AS LowCardinality(Nullable(String))) AS x
SELECT [toDate('2024-01-01')] AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST([toDate('2024-01-01')] AS String) AS x
SELECT CAST([toDate('2024-01-01')] AS LowCardinality(String)) AS x
SELECT CAST([toDate('2024-01-01')] AS Nullable(String)) AS x
SELECT CAST([toDate('2024-01-01')] AS Array(String)) AS x
SELECT CAST([toDate('2024-01-01')] AS Array(Int64)) AS x
SELECT CAST([toDate('2024-01-01')] AS Array(Nullable(Float64))) AS x
SELECT CAST([toDate('2024-01-01')] AS LowCardinality(Nullable(String))) AS x
SELECT (1, 'a') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST((1, 'a') AS String) AS x
SELECT CAST((1, 'a') AS LowCardinality(String)) AS x
SELECT CAST((1, 'a') AS Nullable(String)) AS x
SELECT CAST((1, 'a') AS Tuple(String, String)) AS x
SELECT CAST((1, 'a') AS Tuple(a Int32, b String)) AS x
SELECT CAST((1, 'a') AS LowCardinality(Nullable(String))) AS x
SELECT CAST(CAST((1, 'a'), 'Tuple(x UInt8, y String)') AS String) AS x
SELECT CAST(CAST((1, 'a'), 'Tuple(x UInt8, y String)') AS LowCardinality(String)) AS x
SELECT CAST(CAST((1, 'a'), 'Tuple(x UInt8, y String)') AS Nullable(String)) AS x
SELECT CAST(CAST((1, 'a'), 'Tuple(x UInt8, y String)') AS Tuple(String, String)) AS x
SELECT CAST(CAST((1, 'a'), 'Tuple(x UInt8, y String)') AS Tuple(a Int32, b String)) AS x
SELECT CAST(CAST((1, 'a'), 'Tuple(x UInt8, y String)') AS LowCardinality(Nullable(String))) AS x
SELECT tuple(toDate('2024-01-01'), NULL) AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(tuple(toDate('2024-01-01'), NULL) AS String) AS x
SELECT CAST(tuple(toDate('2024-01-01'), NULL) AS LowCardinality(String)) AS x
SELECT CAST(tuple(toDate('2024-01-01'), NULL) AS Nullable(String)) AS x
SELECT CAST(tuple(toDate('2024-01-01'), NULL) AS LowCardinality(Nullable(String))) AS x
SELECT map('a', 1, 'b', 2) AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(map('a', 1, 'b', 2) AS String) AS x
SELECT CAST(map('a', 1, 'b', 2) AS LowCardinality(String)) AS x
SELECT CAST(map('a', 1, 'b', 2) AS Nullable(String)) AS x
SELECT CAST(map('a', 1, 'b', 2) AS Array(String)) AS x
SELECT CAST(map('a', 1, 'b', 2) AS Map(String, Int64)) AS x
SELECT CAST(map('a', 1, 'b', 2) AS LowCardinality(Nullable(String))) AS x
SELECT map(1, [1, 2]) AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(map(1, [1, 2]) AS String) AS x
SELECT CAST(map(1, [1, 2]) AS LowCardinality(String)) AS x
SELECT CAST(map(1, [1, 2]) AS Nullable(String)) AS x
SELECT CAST(map(1, [1, 2]) AS Array(String)) AS x
SELECT CAST(map(1, [1, 2]) AS LowCardinality(Nullable(String))) AS x
SELECT CAST(map(1, [1, 2]) AS Array(Tuple(Int8, String))) AS x
SELECT CAST(map(), 'Map(String, UInt8)') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(CAST(map(), 'Map(String, UInt8)') AS String) AS x
SELECT CAST(CAST(map(), 'Map(String, UInt8)') AS LowCardinality(String)) AS x
SELECT CAST(CAST(map(), 'Map(String, UInt8)') AS Nullable(String)) AS x
SELECT CAST(CAST(map(), 'Map(String, UInt8)') AS Array(String)) AS x
SELECT CAST(CAST(map(), 'Map(String, UInt8)') AS Map(String, Int64)) AS x
SELECT CAST(CAST(map(), 'Map(String, UInt8)') AS LowCardinality(Nullable(String))) AS x
SELECT CAST(CAST(map(), 'Map(String, UInt8)') AS Array(Tuple(Int8, String))) AS x
SELECT [(1, 'a'), (2, 'b')] AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST([(1, 'a'), (2, 'b')] AS String) AS x
SELECT CAST([(1, 'a'), (2, 'b')] AS LowCardinality(String)) AS x
SELECT CAST([(1, 'a'), (2, 'b')] AS Nullable(String)) AS x
SELECT CAST([(1, 'a'), (2, 'b')] AS Array(String)) AS x
SELECT CAST([(1, 'a'), (2, 'b')] AS LowCardinality(Nullable(String))) AS x
SELECT CAST([(1, 'a'), (2, 'b')] AS Array(Tuple(Int8, String))) AS x
SELECT [] AS x, toTypeName(x), toString(x)
SELECT CAST([] AS String) AS x
SELECT CAST([] AS LowCardinality(String)) AS x
SELECT CAST([] AS Nullable(String)) AS x
SELECT CAST([] AS Array(String)) AS x
SELECT CAST([] AS Array(Int64)) AS x
SELECT CAST([] AS Array(Nullable(Float64))) AS x
SELECT CAST([] AS Map(String, Int64)) AS x
SELECT CAST([] AS LowCardinality(Nullable(String))) AS x
SELECT CAST([] AS Array(Tuple(Int8, String))) AS x
SELECT INTERVAL 3 DAY AS x, toTypeName(x), toString(x)
SELECT CAST(INTERVAL 3 DAY AS UInt8) AS x
SELECT CAST(INTERVAL 3 DAY AS Int8) AS x
SELECT CAST(INTERVAL 3 DAY AS UInt16) AS x
SELECT CAST(INTERVAL 3 DAY AS Int32) AS x
SELECT CAST(INTERVAL 3 DAY AS UInt64) AS x
SELECT CAST(INTERVAL 3 DAY AS Int64) AS x
SELECT CAST(INTERVAL 3 DAY AS Float32) AS x
SELECT CAST(INTERVAL 3 DAY AS Float64) AS x
SELECT CAST(INTERVAL 3 DAY AS Bool) AS x
SELECT CAST(INTERVAL 3 DAY AS String) AS x
SELECT CAST(INTERVAL 3 DAY AS Date) AS x
SELECT CAST(INTERVAL 3 DAY AS Date32) AS x
SELECT CAST(INTERVAL 3 DAY AS DateTime) AS x
SELECT CAST(INTERVAL 3 DAY AS DateTime('Europe/Berlin')) AS x
SELECT CAST(INTERVAL 3 DAY AS LowCardinality(String)) AS x
SELECT CAST(INTERVAL 3 DAY AS Nullable(Int32)) AS x
SELECT CAST(INTERVAL 3 DAY AS Nullable(String)) AS x
SELECT CAST(INTERVAL 3 DAY AS Nullable(DateTime)) AS x
SELECT CAST(INTERVAL 3 DAY AS LowCardinality(Nullable(String))) AS x
SELECT CAST([(1, 'a')], 'Nested(a UInt8, b String)') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(CAST([(1, 'a')], 'Nested(a UInt8, b String)') AS String) AS x
SELECT CAST(CAST([(1, 'a')], 'Nested(a UInt8, b String)') AS LowCardinality(String)) AS x
SELECT CAST(CAST([(1, 'a')], 'Nested(a UInt8, b String)') AS Nullable(String)) AS x
SELECT CAST(CAST([(1, 'a')], 'Nested(a UInt8, b String)') AS Array(String)) AS x
SELECT CAST(CAST([(1, 'a')], 'Nested(a UInt8, b String)') AS LowCardinality(Nullable(String))) AS x
SELECT CAST(CAST([(1, 'a')], 'Nested(a UInt8, b String)') AS Array(Tuple(Int8, String))) AS x
SELECT CAST('{"a":1,"b":[1,2],"c":{"d":"x"}}', 'JSON') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(CAST('{"a":1,"b":[1,2],"c":{"d":"x"}}', 'JSON') AS String) AS x
SELECT CAST(CAST('{"a":1,"b":[1,2],"c":{"d":"x"}}', 'JSON') AS LowCardinality(String)) AS x
SELECT CAST(CAST('{"a":1,"b":[1,2],"c":{"d":"x"}}', 'JSON') AS Nullable(String)) AS x
SELECT CAST(CAST('{"a":1,"b":[1,2],"c":{"d":"x"}}', 'JSON') AS LowCardinality(Nullable(String))) AS x
SELECT inf AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(inf AS Float32) AS x
SELECT CAST(inf AS Float64) AS x
SELECT CAST(inf AS Bool) AS x
SELECT CAST(inf AS String) AS x
SELECT CAST(inf AS Date32) AS x
SELECT CAST(inf AS DateTime64(3)) AS x
SELECT CAST(inf AS LowCardinality(String)) AS x
SELECT CAST(inf AS Nullable(String)) AS x
SELECT CAST(inf AS LowCardinality(Nullable(String))) AS x
SELECT nan AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(nan AS Float32) AS x
SELECT CAST(nan AS Float64) AS x
SELECT CAST(nan AS Bool) AS x
SELECT CAST(nan AS String) AS x
SELECT CAST(nan AS Date) AS x
SELECT CAST(nan AS DateTime) AS x
SELECT CAST(nan AS DateTime('Europe/Berlin')) AS x
SELECT CAST(nan AS LowCardinality(String)) AS x
SELECT CAST(nan AS Nullable(String)) AS x
SELECT CAST(nan AS Nullable(DateTime)) AS x
SELECT CAST(nan AS LowCardinality(Nullable(String))) AS x
SELECT 1e300 AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(1e300 AS UInt8) AS x
SELECT CAST(1e300 AS Int8) AS x
SELECT CAST(1e300 AS UInt16) AS x
SELECT CAST(1e300 AS Int32) AS x
SELECT CAST(1e300 AS UInt64) AS x
SELECT CAST(1e300 AS Int64) AS x
SELECT CAST(1e300 AS Float32) AS x
SELECT CAST(1e300 AS Float64) AS x
SELECT CAST(1e300 AS Bool) AS x
SELECT CAST(1e300 AS String) AS x
SELECT CAST(1e300 AS Date32) AS x
SELECT CAST(1e300 AS DateTime64(3)) AS x
SELECT CAST(1e300 AS LowCardinality(String)) AS x
SELECT CAST(1e300 AS Nullable(Int32)) AS x
SELECT CAST(1e300 AS Nullable(String)) AS x
SELECT CAST(1e300 AS LowCardinality(Nullable(String))) AS x
SELECT [toDateTime('2024-01-01 00:00:00')] AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST([toDateTime('2024-01-01 00:00:00')] AS String) AS x
SELECT CAST([toDateTime('2024-01-01 00:00:00')] AS LowCardinality(String)) AS x
SELECT CAST([toDateTime('2024-01-01 00:00:00')] AS Nullable(String)) AS x
SELECT CAST([toDateTime('2024-01-01 00:00:00')] AS Array(String)) AS x
SELECT CAST([toDateTime('2024-01-01 00:00:00')] AS Array(Int64)) AS x
SELECT CAST([toDateTime('2024-01-01 00:00:00')] AS Array(Nullable(Float64))) AS x
SELECT CAST([toDateTime('2024-01-01 00:00:00')] AS LowCardinality(Nullable(String))) AS x
SELECT [1.5, nan, inf] AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST([1.5, nan, inf] AS String) AS x
SELECT CAST([1.5, nan, inf] AS LowCardinality(String)) AS x
SELECT CAST([1.5, nan, inf] AS Nullable(String)) AS x
SELECT CAST([1.5, nan, inf] AS Array(String)) AS x
SELECT CAST([1.5, nan, inf] AS Array(Nullable(Float64))) AS x
SELECT CAST([1.5, nan, inf] AS LowCardinality(Nullable(String))) AS x
SELECT [toLowCardinality('a')] AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST([toLowCardinality('a')] AS String) AS x
SELECT CAST([toLowCardinality('a')] AS LowCardinality(String)) AS x
SELECT CAST([toLowCardinality('a')] AS Nullable(String)) AS x
SELECT CAST([toLowCardinality('a')] AS Array(String)) AS x
SELECT CAST([toLowCardinality('a')] AS Array(Nullable(Float64))) AS x
SELECT CAST([toLowCardinality('a')] AS LowCardinality(Nullable(String))) AS x
SELECT CAST(map('k', 'v'), 'Map(LowCardinality(String), String)') AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(CAST(map('k', 'v'), 'Map(LowCardinality(String), String)') AS String) AS x
SELECT CAST(CAST(map('k', 'v'), 'Map(LowCardinality(String), String)') AS LowCardinality(String)) AS x
SELECT CAST(CAST(map('k', 'v'), 'Map(LowCardinality(String), String)') AS Nullable(String)) AS x
SELECT CAST(CAST(map('k', 'v'), 'Map(LowCardinality(String), String)') AS Array(String)) AS x
SELECT CAST(CAST(map('k', 'v'), 'Map(LowCardinality(String), String)') AS LowCardinality(Nullable(String))) AS x
SELECT toNullable(toDate('2024-01-01')) AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toNullable(toDate('2024-01-01')) AS UInt8) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS Int8) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS UInt16) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS Int32) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS UInt64) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS Int64) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS Float32) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS Float64) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS Bool) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS String) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS Date) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS Date32) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS DateTime) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS DateTime('Europe/Berlin')) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS DateTime64(3)) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS LowCardinality(String)) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS Nullable(Int32)) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS Nullable(String)) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS Nullable(DateTime)) AS x
SELECT CAST(toNullable(toDate('2024-01-01')) AS LowCardinality(Nullable(String))) AS x
SELECT toNullable(true) AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(toNullable(true) AS UInt8) AS x
SELECT CAST(toNullable(true) AS Int8) AS x
SELECT CAST(toNullable(true) AS UInt16) AS x
SELECT CAST(toNullable(true) AS Int32) AS x
SELECT CAST(toNullable(true) AS UInt64) AS x
SELECT CAST(toNullable(true) AS Int64) AS x
SELECT CAST(toNullable(true) AS Float32) AS x
SELECT CAST(toNullable(true) AS Float64) AS x
SELECT CAST(toNullable(true) AS Bool) AS x
SELECT CAST(toNullable(true) AS String) AS x
SELECT CAST(toNullable(true) AS FixedString(12)) AS x
SELECT CAST(toNullable(true) AS Date) AS x
SELECT CAST(toNullable(true) AS Date32) AS x
SELECT CAST(toNullable(true) AS DateTime) AS x
SELECT CAST(toNullable(true) AS DateTime('Europe/Berlin')) AS x
SELECT CAST(toNullable(true) AS DateTime64(3)) AS x
SELECT CAST(toNullable(true) AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(toNullable(true) AS Decimal(9, 2)) AS x
SELECT CAST(toNullable(true) AS Decimal(38, 4)) AS x
SELECT CAST(toNullable(true) AS Enum8('a' = 1, 'b' = 2)) AS x
SELECT CAST(toNullable(true) AS IPv4) AS x
SELECT CAST(toNullable(true) AS LowCardinality(String)) AS x
SELECT CAST(toNullable(true) AS Nullable(Int32)) AS x
SELECT CAST(toNullable(true) AS Nullable(String)) AS x
SELECT CAST(toNullable(true) AS Nullable(DateTime)) AS x
SELECT CAST(toNullable(true) AS LowCardinality(Nullable(String))) AS x
SELECT -0. AS x, toTypeName(x), toString(x), [x], tuple(x), map('k', x)
SELECT CAST(-0. AS UInt8) AS x
SELECT CAST(-0. AS Int8) AS x
SELECT CAST(-0. AS UInt16) AS x
SELECT CAST(-0. AS Int32) AS x
SELECT CAST(-0. AS UInt64) AS x
SELECT CAST(-0. AS Int64) AS x
SELECT CAST(-0. AS Float32) AS x
SELECT CAST(-0. AS Float64) AS x
SELECT CAST(-0. AS Bool) AS x
SELECT CAST(-0. AS String) AS x
SELECT CAST(-0. AS Date) AS x
SELECT CAST(-0. AS Date32) AS x
SELECT CAST(-0. AS DateTime) AS x
SELECT CAST(-0. AS DateTime('Europe/Berlin')) AS x
SELECT CAST(-0. AS DateTime64(3)) AS x
SELECT CAST(-0. AS DateTime64(6, 'Asia/Tokyo')) AS x
SELECT CAST(-0. AS Decimal(9, 2)) AS x
SELECT CAST(-0. AS Decimal(38, 4)) AS x
SELECT CAST(-0. AS LowCardinality(String)) AS x
SELECT CAST(-0. AS Nullable(Int32)) AS x
SELECT CAST(-0. AS Nullable(String)) AS x
SELECT CAST(-0. AS Nullable(DateTime)) AS x
SELECT CAST(-0. AS LowCardinality(Nullable(String))) AS x
SELECT toTypeName(CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS DateTime)), toTypeName(CAST(toDateTime64('2024-02-29 10:11:12', 3, 'America/New_York') AS Nullable(DateTime64(6)))), toTypeName(CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS DateTime64(2)))
SELECT toTypeName(CAST([toDateTime('2024-02-29 10:11:12', 'America/New_York')] AS Array(DateTime)))
SELECT toTypeName([toLowCardinality('a')]), toTypeName(tuple(toLowCardinality('a'))), toTypeName(map('k', toLowCardinality('a')))
SELECT toTypeName([materialize(toLowCardinality('a'))]), toTypeName([materialize(toLowCardinality('a')), 'b'])
SELECT CAST(3e9 AS Int32), CAST(-3e9 AS Int32), CAST(5e9 AS UInt32), CAST(-1.5 AS UInt8), CAST(300.7 AS UInt8), CAST(-129.5 AS Int8), CAST(1e19 AS UInt64), CAST(1e19 AS Int64), CAST(-5.5 AS UInt64), CAST(1e30 AS Int8), CAST(3e9 AS Int8), CAST(1e20 AS UInt64), CAST(70000.5 AS Int16), CAST(-1e10 AS UInt16), CAST(-1.5 AS UInt32)
SELECT toTypeName(if(1, toDateTime('2024-01-01 00:00:00', 'Asia/Tokyo'), toDateTime('2024-01-01 00:00:00')))
SELECT CAST(('x', '5') AS Tuple(Nullable(Int32), Nullable(Int32))), CAST(map('a', 'x') AS Map(String, Nullable(Int32)))
! SELECT CAST(200 AS FixedString(12)) AS x
! SELECT CAST(200 AS Array(Int64)) AS x
! SELECT CAST(200 AS Array(Tuple(Int8, String))) AS x
! SELECT CAST(toInt8(-5) AS Array(String)) AS x
! SELECT CAST(toInt8(-5) AS Map(String, Int64)) AS x
! SELECT CAST(toUInt16(60000) AS IPv6) AS x
! SELECT CAST(toUInt16(60000) AS Tuple(a Int32, b String)) AS x
! SELECT CAST(toInt16(-300) AS Enum8('a' = 1, 'b' = 2)) AS x
! SELECT CAST(toInt16(-300) AS Tuple(String, String)) AS x
! SELECT CAST(toUInt32(4000000000) AS UUID) AS x
! SELECT CAST(toUInt32(4000000000) AS Array(Int64)) AS x
! SELECT CAST(toUInt32(4000000000) AS Array(Tuple(Int8, String))) AS x
! SELECT CAST(toInt32(-70000) AS Array(String)) AS x
! SELECT CAST(toInt32(-70000) AS Map(String, Int64)) AS x
! SELECT CAST(toUInt64('18446744073709551615') AS Enum8('a' = 1, 'b' = 2)) AS x
! SELECT CAST(toUInt64('18446744073709551615') AS Tuple(String, String)) AS x
! SELECT CAST(toInt64('-9223372036854775808') AS UUID) AS x
! SELECT CAST(toInt64('-9223372036854775808') AS Array(Int64)) AS x
! SELECT CAST(toInt64('-9223372036854775808') AS Array(Tuple(Int8, String))) AS x
! SELECT CAST(toInt128('-12345678901234567890123') AS Decimal(9, 2)) AS x
! SELECT CAST(toInt128('-12345678901234567890123') AS Array(Nullable(Float64))) AS x
! SELECT CAST(toFloat32(1.5) AS FixedString(12)) AS x
! SELECT CAST(toFloat32(1.5) AS Array(Nullable(Float64))) AS x
! SELECT CAST(-2.25 AS FixedString(12)) AS x
! SELECT CAST(-2.25 AS Array(Int64)) AS x
! SELECT CAST(-2.25 AS Array(Tuple(Int8, String))) AS x
! SELECT CAST(true AS Array(Nullable(Float64))) AS x
! SELECT CAST('2024-02-29' AS UInt8) AS x
! SELECT CAST('2024-02-29' AS Int64) AS x
! SELECT CAST('2024-02-29' AS Decimal(9, 2)) AS x
! SELECT CAST('2024-02-29' AS Array(String)) AS x
! SELECT CAST('2024-02-29' AS Map(String, Int64)) AS x
! SELECT CAST(toFixedString('abc', 5) AS Int32) AS x
! SELECT CAST(toFixedString('abc', 5) AS Bool) AS x
! SELECT CAST(toFixedString('abc', 5) AS DateTime('Europe/Berlin')) AS x
! SELECT CAST(toFixedString('abc', 5) AS Enum8('a' = 1, 'b' = 2)) AS x
! SELECT CAST(toFixedString('abc', 5) AS Array(String)) AS x
! SELECT CAST(toFixedString('abc', 5) AS Map(String, Int64)) AS x
! SELECT CAST(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS Int32) AS x
! SELECT CAST(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS FixedString(12)) AS x
! SELECT CAST(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS DateTime64(3)) AS x
! SELECT CAST(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS IPv4) AS x
! SELECT CAST(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS Array(Int64)) AS x
! SELECT CAST(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS Array(Tuple(Int8, String))) AS x
! SELECT CAST(toDate('2024-02-29') AS Array(String)) AS x
! SELECT CAST(toDate('2024-02-29') AS Map(String, Int64)) AS x
! SELECT CAST(toDate32('1950-03-04') AS IPv6) AS x
! SELECT CAST(toDate32('1950-03-04') AS Tuple(a Int32, b String)) AS x
! SELECT CAST(toDateTime('2024-02-29 10:11:12') AS Decimal(9, 2)) AS x
! SELECT CAST(toDateTime('2024-02-29 10:11:12') AS Array(Nullable(Float64))) AS x
! SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS FixedString(12)) AS x
! SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS Array(String)) AS x
! SELECT CAST(toDateTime('2024-02-29 10:11:12', 'America/New_York') AS Map(String, Int64)) AS x
! SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS Enum8('a' = 1, 'b' = 2)) AS x
! SELECT CAST(toDateTime64('2024-02-29 10:11:12.345', 3) AS Tuple(String, String)) AS x
! SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS UUID) AS x
! SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS Array(Int64)) AS x
! SELECT CAST(toDateTime64('2024-02-29 10:11:12.123456789', 9, 'Asia/Tokyo') AS Array(Tuple(Int8, String))) AS x
! SELECT CAST(toDecimal32('-1.25', 2) AS UUID) AS x
! SELECT CAST(toDecimal32('-1.25', 2) AS Enum8('a' = 1, 'b' = 2)) AS x
! SELECT CAST(toDecimal32('-1.25', 2) AS Array(Int64)) AS x
! SELECT CAST(toDecimal32('-1.25', 2) AS Array(Tuple(Int8, String))) AS x
! SELECT CAST(toDecimal64('123456.7891', 4) AS UUID) AS x
! SELECT CAST(toDecimal64('123456.7891', 4) AS Enum8('a' = 1, 'b' = 2)) AS x
! SELECT CAST(toDecimal64('123456.7891', 4) AS Array(Int64)) AS x
! SELECT CAST(toDecimal64('123456.7891', 4) AS Array(Tuple(Int8, String))) AS x
! SELECT CAST(toDecimal128('12345678901234567890.5', 3) AS Int64) AS x
! SELECT CAST(toDecimal128('12345678901234567890.5', 3) AS DateTime) AS x
! SELECT CAST(toDecimal128('12345678901234567890.5', 3) AS IPv6) AS x
! SELECT CAST(toDecimal128('12345678901234567890.5', 3) AS Array(Nullable(Float64))) AS x
! SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS UUID) AS x
! SELECT CAST(CAST('b', 'Enum8(\'a\' = 1, \'b\' = 2)') AS Tuple(String, String)) AS x
! SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS Enum8('a' = 1, 'b' = 2)) AS x
! SELECT CAST(CAST('x', 'Enum16(\'x\' = 1000, \'y\' = -5)') AS Tuple(String, String)) AS x
! SELECT CAST(toIPv4('1.2.3.4') AS UUID) AS x
! SELECT CAST(toIPv4('1.2.3.4') AS Tuple(String, String)) AS x
! SELECT CAST(toIPv6('2001:db8::1') AS Int8) AS x
! SELECT CAST(toIPv6('2001:db8::1') AS Float32) AS x
! SELECT CAST(toIPv6('2001:db8::1') AS Date32) AS x
! SELECT CAST(toIPv6('2001:db8::1') AS Decimal(9, 2)) AS x
! SELECT CAST(toIPv6('2001:db8::1') AS Nullable(DateTime)) AS x
! SELECT CAST(toIPv6('2001:db8::1') AS Tuple(a Int32, b String)) AS x
! SELECT CAST(toLowCardinality('lc') AS UInt16) AS x
! SELECT CAST(toLowCardinality('lc') AS Float64) AS x
! SELECT CAST(toLowCardinality('lc') AS DateTime) AS x
! SELECT CAST(toLowCardinality('lc') AS Decimal(38, 4)) AS x
! SELECT CAST(toLowCardinality('lc') AS Array(Int64)) AS x
! SELECT CAST(toLowCardinality('lc') AS Array(Tuple(Int8, String))) AS x
! SELECT CAST(CAST('q', 'LowCardinality(Nullable(String))') AS UInt64) AS x
! SELECT CAST(CAST('q', 'LowCardinality(Nullable(String))') AS UUID) AS x
! SELECT CAST(CAST('q', 'LowCardinality(Nullable(String))') AS DateTime64(3)) AS x
! SELECT CAST(CAST('q', 'LowCardinality(Nullable(String))') AS IPv4) AS x
! SELECT CAST(CAST('q', 'LowCardinality(Nullable(String))') AS Tuple(String, String)) AS x
! SELECT CAST(toNullable(toInt32(7)) AS UUID) AS x
! SELECT CAST(toNullable(toInt32(7)) AS Array(Nullable(Float64))) AS x
! SELECT CAST(toNullable('x') AS UInt8) AS x
! SELECT CAST(toNullable('x') AS Int64) AS x
! SELECT CAST(toNullable('x') AS Date) AS x
! SELECT CAST(toNullable('x') AS DateTime64(6, 'Asia/Tokyo')) AS x
! SELECT CAST(toNullable('x') AS IPv6) AS x
! SELECT CAST(toNullable('x') AS Tuple(a Int32, b String)) AS x
! SELECT CAST(NULL AS UInt16) AS x
! SELECT CAST(NULL AS Float64) AS x
! SELECT CAST(NULL AS Date) AS x
! SELECT CAST(NULL AS DateTime64(6, 'Asia/Tokyo')) AS x
! SELECT CAST(NULL AS IPv6) AS x
! SELECT CAST(NULL AS Tuple(String, String)) AS x
! SELECT CAST([1, 2, 3] AS Int8) AS x
! SELECT CAST([1, 2, 3] AS Float32) AS x
! SELECT CAST([1, 2, 3] AS Date) AS x
! SELECT CAST([1, 2, 3] AS DateTime64(6, 'Asia/Tokyo')) AS x
! SELECT CAST([1, 2, 3] AS IPv6) AS x
! SELECT CAST([1, 2, 3] AS Map(String, Int64)) AS x
! SELECT CAST(['a', 'b\'c'] AS Int32) AS x
! SELECT CAST(['a', 'b\'c'] AS Bool) AS x
! SELECT CAST(['a', 'b\'c'] AS DateTime) AS x
! SELECT CAST(['a', 'b\'c'] AS Decimal(38, 4)) AS x
! SELECT CAST(['a', 'b\'c'] AS Nullable(DateTime)) AS x
! SELECT CAST(['a', 'b\'c'] AS Array(Tuple(Int8, String))) AS x
! SELECT CAST([1, NULL] AS UInt64) AS x
! SELECT CAST([1, NULL] AS FixedString(12)) AS x
! SELECT CAST([1, NULL] AS DateTime('Europe/Berlin')) AS x
! SELECT CAST([1, NULL] AS Enum8('a' = 1, 'b' = 2)) AS x
! SELECT CAST([1, NULL] AS Array(String)) AS x
! SELECT CAST([1, NULL] AS Array(Tuple(Int8, String))) AS x
! SELECT CAST([[1], []] AS UInt64) AS x
! SELECT CAST([[1], []] AS FixedString(12)) AS x
! SELECT CAST([[1], []] AS DateTime('Europe/Berlin')) AS x
! SELECT CAST([[1], []] AS Enum8('a' = 1, 'b' = 2)) AS x
! SELECT CAST([[1], []] AS Array(Int64)) AS x
! SELECT CAST([[1], []] AS Array(Tuple(Int8, String))) AS x
! SELECT CAST([toDate('2024-01-01')] AS UInt64) AS x
! SELECT CAST([toDate('2024-01-01')] AS FixedString(12)) AS x
! SELECT CAST([toDate('2024-01-01')] AS DateTime('Europe/Berlin')) AS x
! SELECT CAST([toDate('2024-01-01')] AS Enum8('a' = 1, 'b' = 2)) AS x
! SELECT CAST([toDate('2024-01-01')] AS Tuple(String, String)) AS x
! SELECT CAST((1, 'a') AS Int8) AS x
! SELECT CAST((1, 'a') AS Float32) AS x
! SELECT CAST((1, 'a') AS Date) AS x
! SELECT CAST((1, 'a') AS DateTime64(6, 'Asia/Tokyo')) AS x
! SELECT CAST((1, 'a') AS IPv6) AS x
! SELECT CAST((1, 'a') AS Array(Nullable(Float64))) AS x
! SELECT CAST(CAST((1, 'a'), 'Tuple(x UInt8, y String)') AS UInt16) AS x
! SELECT CAST(CAST((1, 'a'), 'Tuple(x UInt8, y String)') AS Float64) AS x
! SELECT CAST(CAST((1, 'a'), 'Tuple(x UInt8, y String)') AS Date32) AS x
! SELECT CAST(CAST((1, 'a'), 'Tuple(x UInt8, y String)') AS Decimal(9, 2)) AS x
! SELECT CAST(CAST((1, 'a'), 'Tuple(x UInt8, y String)') AS Nullable(Int32)) AS x
! SELECT CAST(CAST((1, 'a'), 'Tuple(x UInt8, y String)') AS Map(String, Int64)) AS x
! SELECT CAST(tuple(toDate('2024-01-01'), NULL) AS Int32) AS x
! SELECT CAST(tuple(toDate('2024-01-01'), NULL) AS Bool) AS x
! SELECT CAST(tuple(toDate('2024-01-01'), NULL) AS DateTime) AS x
! SELECT CAST(tuple(toDate('2024-01-01'), NULL) AS Decimal(38, 4)) AS x
! SELECT CAST(tuple(toDate('2024-01-01'), NULL) AS Nullable(DateTime)) AS x
! SELECT CAST(tuple(toDate('2024-01-01'), NULL) AS Tuple(a Int32, b String)) AS x
! SELECT CAST(map('a', 1, 'b', 2) AS UInt16) AS x
! SELECT CAST(map('a', 1, 'b', 2) AS Float64) AS x
! SELECT CAST(map('a', 1, 'b', 2) AS Date32) AS x
! SELECT CAST(map('a', 1, 'b', 2) AS Decimal(9, 2)) AS x
! SELECT CAST(map('a', 1, 'b', 2) AS Nullable(Int32)) AS x
! SELECT CAST(map('a', 1, 'b', 2) AS Tuple(a Int32, b String)) AS x
! SELECT CAST(map(1, [1, 2]) AS Int32) AS x
! SELECT CAST(map(1, [1, 2]) AS Bool) AS x
! SELECT CAST(map(1, [1, 2]) AS DateTime) AS x
! SELECT CAST(map(1, [1, 2]) AS Decimal(38, 4)) AS x
! SELECT CAST(map(1, [1, 2]) AS Nullable(DateTime)) AS x
! SELECT CAST(map(1, [1, 2]) AS Map(String, Int64)) AS x
! SELECT CAST(CAST(map(), 'Map(String, UInt8)') AS UInt64) AS x
! SELECT CAST(CAST(map(), 'Map(String, UInt8)') AS FixedString(12)) AS x
! SELECT CAST(CAST(map(), 'Map(String, UInt8)') AS DateTime('Europe/Berlin')) AS x
! SELECT CAST(CAST(map(), 'Map(String, UInt8)') AS Enum8('a' = 1, 'b' = 2)) AS x
! SELECT CAST(CAST(map(), 'Map(String, UInt8)') AS Array(Int64)) AS x
! SELECT CAST([(1, 'a'), (2, 'b')] AS Int8) AS x
! SELECT CAST([(1, 'a'), (2, 'b')] AS Float32) AS x
! SELECT CAST([(1, 'a'), (2, 'b')] AS Date) AS x
! SELECT CAST([(1, 'a'), (2, 'b')] AS DateTime64(6, 'Asia/Tokyo')) AS x
! SELECT CAST([(1, 'a'), (2, 'b')] AS IPv6) AS x
! SELECT CAST([(1, 'a'), (2, 'b')] AS Tuple(String, String)) AS x
! SELECT CAST([] AS UInt16) AS x
! SELECT CAST([] AS Float64) AS x
! SELECT CAST([] AS Date32) AS x
! SELECT CAST([] AS Decimal(9, 2)) AS x
! SELECT CAST([] AS Nullable(Int32)) AS x
! SELECT CAST(INTERVAL 3 DAY AS UUID) AS x
! SELECT CAST(INTERVAL 3 DAY AS Array(Nullable(Float64))) AS x
! SELECT CAST(CAST([(1, 'a')], 'Nested(a UInt8, b String)') AS UInt8) AS x
! SELECT CAST(CAST([(1, 'a')], 'Nested(a UInt8, b String)') AS Int64) AS x
! SELECT CAST(CAST([(1, 'a')], 'Nested(a UInt8, b String)') AS UUID) AS x
! SELECT CAST(CAST([(1, 'a')], 'Nested(a UInt8, b String)') AS DateTime64(3)) AS x
! SELECT CAST(CAST([(1, 'a')], 'Nested(a UInt8, b String)') AS IPv4) AS x
! SELECT CAST(CAST([(1, 'a')], 'Nested(a UInt8, b String)') AS Array(Nullable(Float64))) AS x
! SELECT CAST(CAST('{"a":1,"b":[1,2],"c":{"d":"x"}}', 'JSON') AS Int8) AS x
! SELECT CAST(CAST('{"a":1,"b":[1,2],"c":{"d":"x"}}', 'JSON') AS Float32) AS x
! SELECT CAST(CAST('{"a":1,"b":[1,2],"c":{"d":"x"}}', 'JSON') AS Date) AS x
! SELECT CAST(CAST('{"a":1,"b":[1,2],"c":{"d":"x"}}', 'JSON') AS DateTime64(6, 'Asia/Tokyo')) AS x
! SELECT CAST(CAST('{"a":1,"b":[1,2],"c":{"d":"x"}}', 'JSON') AS IPv6) AS x
! SELECT CAST(CAST('{"a":1,"b":[1,2],"c":{"d":"x"}}', 'JSON') AS Array(Nullable(Float64))) AS x
! SELECT CAST(inf AS UInt8) AS x
! SELECT CAST(inf AS Int64) AS x
! SELECT CAST(inf AS Enum8('a' = 1, 'b' = 2)) AS x
! SELECT CAST(inf AS Array(Int64)) AS x
! SELECT CAST(inf AS Array(Tuple(Int8, String))) AS x
! SELECT CAST(nan AS UInt64) AS x
! SELECT CAST(nan AS Decimal(38, 4)) AS x
! SELECT CAST(nan AS Array(String)) AS x
! SELECT CAST(nan AS Map(String, Int64)) AS x
! SELECT CAST(1e300 AS Decimal(38, 4)) AS x
! SELECT CAST(1e300 AS Array(Nullable(Float64))) AS x
! SELECT CAST([toDateTime('2024-01-01 00:00:00')] AS UInt8) AS x
! SELECT CAST([toDateTime('2024-01-01 00:00:00')] AS Int64) AS x
! SELECT CAST([toDateTime('2024-01-01 00:00:00')] AS UUID) AS x
! SELECT CAST([toDateTime('2024-01-01 00:00:00')] AS DateTime64(3)) AS x
! SELECT CAST([toDateTime('2024-01-01 00:00:00')] AS IPv4) AS x
! SELECT CAST([toDateTime('2024-01-01 00:00:00')] AS Tuple(a Int32, b String)) AS x
! SELECT CAST([1.5, nan, inf] AS UInt16) AS x
! SELECT CAST([1.5, nan, inf] AS Float64) AS x
! SELECT CAST([1.5, nan, inf] AS Date32) AS x
! SELECT CAST([1.5, nan, inf] AS Decimal(9, 2)) AS x
! SELECT CAST([1.5, nan, inf] AS Nullable(Int32)) AS x
! SELECT CAST([1.5, nan, inf] AS Map(String, Int64)) AS x
! SELECT CAST([toLowCardinality('a')] AS Int32) AS x
! SELECT CAST([toLowCardinality('a')] AS Bool) AS x
! SELECT CAST([toLowCardinality('a')] AS DateTime) AS x
! SELECT CAST([toLowCardinality('a')] AS Decimal(38, 4)) AS x
! SELECT CAST([toLowCardinality('a')] AS Nullable(DateTime)) AS x
! SELECT CAST([toLowCardinality('a')] AS Array(Tuple(Int8, String))) AS x
! SELECT CAST(CAST(map('k', 'v'), 'Map(LowCardinality(String), String)') AS UInt64) AS x
! SELECT CAST(CAST(map('k', 'v'), 'Map(LowCardinality(String), String)') AS FixedString(12)) AS x
! SELECT CAST(CAST(map('k', 'v'), 'Map(LowCardinality(String), String)') AS DateTime('Europe/Berlin')) AS x
! SELECT CAST(CAST(map('k', 'v'), 'Map(LowCardinality(String), String)') AS Enum8('a' = 1, 'b' = 2)) AS x
! SELECT CAST(CAST(map('k', 'v'), 'Map(LowCardinality(String), String)') AS Array(Int64)) AS x
! SELECT CAST(CAST(map('k', 'v'), 'Map(LowCardinality(String), String)') AS Array(Tuple(Int8, String))) AS x
! SELECT CAST(toNullable(toDate('2024-01-01')) AS Array(String)) AS x
! SELECT CAST(toNullable(toDate('2024-01-01')) AS Map(String, Int64)) AS x
! SELECT CAST(toNullable(true) AS Array(Int64)) AS x
! SELECT CAST(toNullable(true) AS Array(Tuple(Int8, String))) AS x
! SELECT CAST(-0. AS Array(String)) AS x
! SELECT CAST(-0. AS Map(String, Int64)) AS x
SELECT toTypeName(accurateCast([toLowCardinality('a')], 'Array(LowCardinality(String))')) AS t, accurateCast([toLowCardinality('a')], 'Array(LowCardinality(String))'), accurateCastOrDefault('x', 'LowCardinality(String)') AS d, toTypeName(d), accurateCastOrNull('x', 'LowCardinality(Nullable(String))') AS n, toTypeName(n), accurateCastOrDefault(toNullable(7), 'Nullable(Int8)')
! SELECT accurateCastOrDefault(['a'], 'Array(String)')
! SELECT accurateCastOrNull('5', 'LowCardinality(String)')
SELECT accurateCastOrNull(('a', 1), 'Tuple(String, Int8)')
SELECT toInt8OrDefault(NULL) AS x, toTypeName(x)
SELECT accurateCastOrDefault(NULL, 'Int8') AS x, toTypeName(x)
SELECT accurateCastOrDefault(NULL, 'Int8', 7::Int8) AS x, toTypeName(x)
SELECT accurateCastOrDefault(CAST('5' AS Nullable(String)), 'Int8') AS x, toTypeName(x)
SELECT accurateCastOrDefault(if(number % 2 = 0, NULL, number * 100), 'Int8') AS x, toTypeName(x) FROM numbers(5)
