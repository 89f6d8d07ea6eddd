SELECT sum(a) over ()
SELECT sum(a) over w
SELECT sum(a) over (w)
SELECT sum(a) over (w order by b)
SELECT sum(a) over (partition by b, c order by d desc nulls last, e)
SELECT sum(a) over (order by b rows 1 preceding)
SELECT sum(a) over (rows between 1 preceding and 1 following)
SELECT sum(a) over (order by b range between unbounded preceding and unbounded following)
SELECT sum(a) over (order by b groups current row)
SELECT sum(a) over (order by b range between interval 1 day preceding and current row)
SELECT sum(a) over (order by b rows unbounded preceding)
SELECT sum(a) over (rows between a + 1 preceding and 0 following)
SELECT sum(a) over (order by b rows between 1 following and 2 following)
SELECT sum(a) over (order by b rows between current row and current row)
SELECT row_number() over (order by a with fill)
SELECT sum(a) over `w`
SELECT sum(a) over (rows 2 following)
SELECT sum(a) over (range between unbounded preceding and current row)
SELECT 1 WINDOW w AS (PARTITION BY a)
SELECT 1 FROM t WINDOW w AS (ORDER BY a), v AS (w ROWS 1 PRECEDING)
SELECT 1 WINDOW w AS () QUALIFY a = 1
SELECT 1 FROM t QUALIFY row_number() OVER () = 1 ORDER BY a
SELECT 1 FROM t HAVING x WINDOW w AS (PARTITION BY b) ORDER BY a
