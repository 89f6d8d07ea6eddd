SELECT a[1]
SELECT a.1
SELECT a.b.1
SELECT t.2.1
SELECT a[1].2
SELECT arrayElement(a,1)
SELECT tupleElement(a,1)
SELECT (a+b)[1]
SELECT f(x).1
SELECT (1,2).1
SELECT [1,2][1]
SELECT a.:Int64
SELECT a.b.:Int64.c
SELECT a.^b
SELECT a.^b.c
SELECT a.b[].c
SELECT a.b[][].c
SELECT tupleElement(a, 'x')
SELECT a.-1
SELECT f(x).a
SELECT (x).a
SELECT a[1].b
SELECT a[1].b.c
SELECT a[-1]
SELECT a[1][2]
SELECT a.1.2
SELECT a.1.2.3
SELECT (a,b).2.1
SELECT t.1e5
SELECT -a[1]
SELECT -a.1
SELECT a::Tuple(x UInt8).x
SELECT a.b::Int8
SELECT [1][1]::Int8
SELECT a[1]::Int8
SELECT f(a)::Int8::String
SELECT json.a.b.c
SELECT json.`a.b`
SELECT a.*
SELECT a . b
SELECT a. 1
SELECT a.select
SELECT a.from
SELECT a.1a
SELECT m['k']
SELECT m[k]['x'].1
SELECT CASE WHEN 1 THEN a END.1
SELECT a.1.b
SELECT a.:`Int64`
SELECT a.^`b`
SELECT a.:`Array(JSON)`.c
SELECT a.b.^c.d
SELECT a.`x y`.:Int8
SELECT t.:Int64.:x
SELECT a.:`x y`
SELECT a.b[].:Int8
SELECT a.b[1].c
SELECT a.b[]
SELECT @@x
SELECT @@a.b
SELECT @@session.x
SELECT @@x AS y
