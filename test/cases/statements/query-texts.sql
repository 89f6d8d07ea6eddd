-- Queries as texts: what differs in literals alone is one.
SELECT normalizeQuery('SELECT 1, 2, 3, ''x'' FROM t WHERE a = 5 AND b IN (1, 2, 3) -- end'), normalizeQuery('  [1, 2, 3, x]  '), normalizeQuery('SELECT 1 AS `xyz123`, 2 AS `x y`, 3 AS ab12, x1234 FROM t12345'), normalizeQueryKeepNames('SELECT 1 AS `xyz123`'), normalizeQuery('')
SELECT normalizeQuery('select /* a */ f(1,-2,+3), g1234(5) , 6 ,'), normalizeQuery('x = $$a$$ and y = $t$b$t$, 1'), normalizeQuery('1'), normalizeQuery('1 '), normalizeQuery('1, 2 ,'), normalizeQuery('1,'), normalizeQuery(', 1'), normalizeQuery(' a'), normalizeQuery('a '), normalizeQuery('a + ''unclosed'), normalizeQuery('a ~ b'), normalizeQuery('SELECT 0x1F, 1e5, .5, t.1, a.b'), normalizeQuery('(1, (2, 3), 4)'), normalizeQuery('1 + 2, 3 - 4')
SELECT normalizeQuery('SELECT "quoted name", "q", aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'), normalizeQuery('INSERT INTO t VALUES (1, ''a''), (2, ''b'')'), normalizeQuery('SELECT x -- comment\n, y /* c */ FROM t;'), normalizeQuery(concat('SELECT ', u, ', 12')), normalizeQuery('SELECT a::UInt8 || b, c -> c != 1 ? x : y'), normalizeQuery('SELECT ''ä'', ü FROM x') FROM us ORDER BY u LIMIT 2
SELECT normalizedQueryHash('SELECT 1 AS `xyz`'), normalizedQueryHash('SELECT 1 AS `abc`'), normalizedQueryHash('SELECT 1, 2, 3, a FROM t123 WHERE x = ''y'''), normalizedQueryHashKeepNames('SELECT 1 AS `xyz123`'), normalizedQueryHash('SELECT 1 AS `xyz123`'), normalizedQueryHash(''), normalizedQueryHash('1, 2, 3'), normalizedQueryHash('f(1,2,)'), normalizedQueryHash('a , b'), normalizedQueryHash('1,-2, 3')
SELECT normalizedQueryHash('select 1') = normalizedQueryHash('select   2 -- x'), normalizedQueryHash('select 1') = normalizedQueryHash('select 1, 2'), toTypeName(normalizedQueryHash('')), normalizedQueryHash(NULL), normalizeQuery(toNullable('a 1')), normalizedQueryHash('a ~ b')
SELECT v, normalizeQuery(v), normalizeQueryKeepNames(v) FROM (SELECT arrayJoin(['https://a.b/c', 'a:// x\n b', 'a:--x', 'a:# x', 'a:#!x', 'a:#x', 'a:/*c*/', 'a:/*c', 'a:/* x */!b', 'a:!x', 'a:/', 'a:-', '//x', '1//x', 'a /*c*/ /*d*/']) AS v) ORDER BY v
! SELECT normalizeQuery(1)
! SELECT normalizedQueryHash([1])
! SELECT normalizeQuery('a', 'b')
SELECT formatQuery('select a, b from t where x = 1 and y in (1,2) group by a order by b'), formatQuerySingleLine('select 1 -- c')
SELECT formatQuery('abc'), formatQuerySingleLine('1, 2 FROM t'), formatQuery('* FROM t'), formatQuery('a + 1 AS b'), formatQueryOrNull('x y z')
SELECT formatQuerySingleLineOrNull('select 1 +'), toTypeName(formatQueryOrNull('select 1')), toTypeName(formatQuery('select 1'))
! SELECT formatQuery('selec 1')
! SELECT formatQuerySingleLine('select 1 +')
! SELECT formatQuery(1)
! SELECT formatQuery()
SELECT formatQuery(concat('select ', s, ' from x')) FROM ev ORDER BY id LIMIT 3
SELECT formatQuerySingleLine(toNullable('select 1')), formatQuerySingleLine(NULL), formatQueryOrNull(NULL)
SELECT formatQuery('select 1;'), formatQuery('  select  1  '), formatQueryOrNull('')
SELECT formatQuery('with x as (select 1 as a) select case when a > 0 then interval 1 day else null end as d, [1,2][1], (a, 1).1, a between 1 and 2, not a, -a, a::String from x left join y using a where exists (select 1) group by rollup(a) having count() > 1 order by a desc nulls last with fill from 1 to 2 limit 1, 2 settings max_threads = 1')
! SELECT formatQuery(toFixedString('select 1', 8))
! SELECT formatQuerySingleLine('select quantile(0.5)(x) over (partition by a order by b rows between 1 preceding and current row), sum(x) filter (where y) from t array join arr as z prewhere q final')
SELECT formatQuerySingleLine('select quantile(0.5)(x) over (partition by a order by b rows between 1 preceding and current row), sum(x) filter (where y) from t final array join arr as z prewhere q union all (select 1 except select 2)')
