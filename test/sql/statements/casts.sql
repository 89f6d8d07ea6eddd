SELECT CAST(a AS Int32)
SELECT CAST(a, 'Int32')
SELECT cast(a AS Nullable( Int32 ))
SELECT CAST(a AS DECIMAL(10, 2))
SELECT CAST(a AS Enum8('a' = 1, 'b'=2))
SELECT CAST(a AS Tuple(x UInt8, `y z` String))
SELECT CAST(a AS AggregateFunction(quantiles(0.5, 0.9), UInt64))
SELECT CAST(a AS double precision)
SELECT CAST(a AS CHAR VARYING(10))
SELECT CAST(a AS unsigned)
SELECT CAST(a AS INT UNSIGNED)
SELECT CAST(a AS varchar(10))
SELECT CAST(a AS JSON(max_dynamic_paths=10, a.b UInt32, SKIP c, SKIP REGEXP 'x'))
SELECT a::DateTime64(3, 'UTC')
SELECT CAST(a, b)
SELECT CAST(a AS x, 'String')
SELECT CAST(a AS x AS String)
SELECT TRY_CAST(a AS Int32)
SELECT accurateCast(a, 'Int32')
SELECT CAST((1,2), 'String')
SELECT CAST(1+2 AS Int)
SELECT _CAST(a, 'Int32')
SELECT CAST(a AS Object('json'))
SELECT CAST(a AS Nested(a Int, b String))
SELECT CAST(a AS Dynamic(max_types=3))
SELECT CAST(a AS Variant(Int8, String))
SELECT CAST(a AS Map(String, Array(Int8)))
SELECT CAST(a AS NATIONAL CHARACTER VARYING)
SELECT 5::UInt8
SELECT '5'::UInt8
SELECT [1,2]::Array(UInt8)
SELECT [1, 2 ]::Array(UInt8)
SELECT (1,2)::Tuple(UInt8, UInt8)
SELECT (1)::Int8
SELECT [a]::Array(String)
SELECT ['a','b''c']::Array(String)
SELECT NULL::Nullable(Int8)
SELECT true::Bool
SELECT 1.50::Decimal(10,2)
SELECT ( 1 , 'x' )::Tuple(Int8,String)
SELECT (1+1)::Int8
SELECT [1,-2]::Array(Int8)
SELECT [NULL]::Array(Nullable(Int8))
SELECT 1::Int8::String
SELECT 'a\'b'::String
SELECT 0x1F::Int32
SELECT [[1]]::Array(Array(Int8))
SELECT ()::Tuple()
SELECT []::Array(Int8)
SELECT (1,)::Tuple(Int8)
SELECT [true]::Array(Bool)
SELECT 1e3::Float64
SELECT inf::Float64
SELECT - 5 :: Int8
SELECT a -5::Int8
SELECT a - 5::Int8
SELECT 1_000::Int32
SELECT $$x$$::String
SELECT 'x' :: String
SELECT 'a\nb'::String
SELECT -5.5::Float32
SELECT CAST(a AS JSON(a.b.c UInt32, SKIP d.e, SKIP REGEXP 'x.*', x Array(Int8)))
SELECT CAST(a AS Tuple(a Tuple(b Int8, `c d` String), e Nullable(Int8)))
SELECT a::Enum('x', 'y' = 2)
SELECT a::Enum8('x\'y' = -1)
SELECT a::FixedString(10)
SELECT a::LowCardinality(Nullable(String))
SELECT a::SimpleAggregateFunction(max, DateTime)
SELECT a::AggregateFunction(1, uniq, String)
SELECT a::INT
SELECT a::int(11)
SELECT a::bigint unsigned
SELECT a::tinyint signed
SELECT a::DOUBLE
SELECT a::character large object
SELECT a::binary varying
SELECT a::nchar varying(10)
SELECT a::Decimal( 10 , 2 )
SELECT a::Time64(3)
SELECT a::Interval
SELECT a::IntervalDay
SELECT a::BFloat16
SELECT a::`Int8`
SELECT a::Tuple(`1` Int8)
SELECT a::Tuple(Int8, x String)
SELECT a::Map(String,Tuple(a Int8))
SELECT a::DateTime('UTC')
SELECT a::JSON
SELECT a::Point
SELECT a::x.y
SELECT a::Dynamic(max_types = 5)
SELECT a::Variant(String,Int8)
SELECT a::Nullable(Nothing)
SELECT a::AggregateFunction(quantileIf(0.5), Float64, UInt8)
SELECT a::AggregateFunction(count)
SELECT a::Array(Array(Array(Int8)))
