SELECT x -> x+1
SELECT (x,y)->x
SELECT f(x->x, a)
SELECT f((x) -> (x), a)
SELECT f((x, y) -> x + y, a, b)
SELECT lambda(tuple(x), x)
SELECT f(() -> 1, a)
SELECT x -> x = 1 ? 2 : 3
SELECT f((x,) -> x)
SELECT x -> (x, 1)
SELECT f(x -> x AS z)
SELECT f(x -> x AND y, b)
SELECT f(x -> not x)
SELECT f(`x y` -> 1)
SELECT f((x -> x))
SELECT x -> x IN (1)
