SELECT e.id, us.age, count() FROM ev AS e JOIN us ON e.u = us.u GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e JOIN us ON e.u = us.u AND e.id > us.age GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e JOIN us ON e.u = us.u AND us.age > 21 GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e JOIN us ON e.u = us.u AND e.i % 2 = 0 GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e JOIN us ON e.u = us.u AND e.d >= us.since GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e JOIN us ON e.u = us.u AND (e.id > 50 OR us.country = 'c1') GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e JOIN us ON e.u = us.u AND e.n = us.age GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e JOIN us ON e.u = concat(us.u, '') GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e JOIN us ON e.u = us.u AND e.k != us.country GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e LEFT JOIN us ON e.u = us.u GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e LEFT JOIN us ON e.u = us.u AND e.id > us.age GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e LEFT JOIN us ON e.u = us.u AND us.age > 21 GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e LEFT JOIN us ON e.u = us.u AND e.i % 2 = 0 GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e LEFT JOIN us ON e.u = us.u AND e.d >= us.since GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e LEFT JOIN us ON e.u = us.u AND (e.id > 50 OR us.country = 'c1') GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e LEFT JOIN us ON e.u = us.u AND e.n = us.age GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e LEFT JOIN us ON e.u = concat(us.u, '') GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e LEFT JOIN us ON e.u = us.u AND e.k != us.country GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e RIGHT JOIN us ON e.u = us.u GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e RIGHT JOIN us ON e.u = us.u AND e.id > us.age GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e RIGHT JOIN us ON e.u = us.u AND us.age > 21 GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e RIGHT JOIN us ON e.u = us.u AND e.i % 2 = 0 GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e RIGHT JOIN us ON e.u = us.u AND e.d >= us.since GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e RIGHT JOIN us ON e.u = us.u AND (e.id > 50 OR us.country = 'c1') GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e RIGHT JOIN us ON e.u = us.u AND e.n = us.age GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e RIGHT JOIN us ON e.u = concat(us.u, '') GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e RIGHT JOIN us ON e.u = us.u AND e.k != us.country GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e FULL JOIN us ON e.u = us.u GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e FULL JOIN us ON e.u = us.u AND e.id > us.age GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e FULL JOIN us ON e.u = us.u AND us.age > 21 GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e FULL JOIN us ON e.u = us.u AND e.i % 2 = 0 GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e FULL JOIN us ON e.u = us.u AND e.d >= us.since GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e FULL JOIN us ON e.u = us.u AND (e.id > 50 OR us.country = 'c1') GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e FULL JOIN us ON e.u = us.u AND e.n = us.age GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e FULL JOIN us ON e.u = concat(us.u, '') GROUP BY ALL ORDER BY ALL
SELECT e.id, us.age, count() FROM ev AS e FULL JOIN us ON e.u = us.u AND e.k != us.country GROUP BY ALL ORDER BY ALL
SELECT e.id, count() FROM ev AS e SEMI LEFT JOIN us ON e.u = us.u GROUP BY ALL ORDER BY ALL
SELECT e.id, count() FROM ev AS e SEMI LEFT JOIN us ON e.u = us.u AND e.id > us.age GROUP BY ALL ORDER BY ALL
SELECT e.id, count() FROM ev AS e SEMI LEFT JOIN us ON e.u = us.u AND us.age > 21 GROUP BY ALL ORDER BY ALL
SELECT e.id, count() FROM ev AS e SEMI LEFT JOIN us ON e.u = us.u AND e.i % 2 = 0 GROUP BY ALL ORDER BY ALL
SELECT e.id, count() FROM ev AS e SEMI LEFT JOIN us ON e.u = us.u AND e.d >= us.since GROUP BY ALL ORDER BY ALL
SELECT e.id, count() FROM ev AS e SEMI LEFT JOIN us ON e.u = us.u AND (e.id > 50 OR us.country = 'c1') GROUP BY ALL ORDER BY ALL
SELECT e.id, count() FROM ev AS e SEMI LEFT JOIN us ON e.u = us.u AND e.n = us.age GROUP BY ALL ORDER BY ALL
SELECT e.id, count() FROM ev AS e SEMI LEFT JOIN us ON e.u = concat(us.u, '') GROUP BY ALL ORDER BY ALL
SELECT e.id, count() FROM ev AS e SEMI LEFT JOIN us ON e.u = us.u AND e.k != us.country GROUP BY ALL ORDER BY ALL
SELECT us.age, count() FROM ev AS e SEMI RIGHT JOIN us ON e.u = us.u GROUP BY ALL ORDER BY ALL
SELECT us.age, count() FROM ev AS e SEMI RIGHT JOIN us ON e.u = us.u AND e.id > us.age GROUP BY ALL ORDER BY ALL
SELECT us.age, count() FROM ev AS e SEMI RIGHT JOIN us ON e.u = us.u AND us.age > 21 GROUP BY ALL ORDER BY ALL
SELECT us.age, count() FROM ev AS e SEMI RIGHT JOIN us ON e.u = us.u AND e.i % 2 = 0 GROUP BY ALL ORDER BY ALL
SELECT us.age, count() FROM ev AS e SEMI RIGHT JOIN us ON e.u = us.u AND e.d >= us.since GROUP BY ALL ORDER BY ALL
SELECT us.age, count() FROM ev AS e SEMI RIGHT JOIN us ON e.u = us.u AND (e.id > 50 OR us.country = 'c1') GROUP BY ALL ORDER BY ALL
SELECT us.age, count() FROM ev AS e SEMI RIGHT JOIN us ON e.u = us.u AND e.n = us.age GROUP BY ALL ORDER BY ALL
SELECT us.age, count() FROM ev AS e SEMI RIGHT JOIN us ON e.u = concat(us.u, '') GROUP BY ALL ORDER BY ALL
SELECT us.age, count() FROM ev AS e SEMI RIGHT JOIN us ON e.u = us.u AND e.k != us.country GROUP BY ALL ORDER BY ALL
SELECT e.id, count() FROM ev AS e ANTI LEFT JOIN us ON e.u = us.u GROUP BY ALL ORDER BY ALL
SELECT e.id, count() FROM ev AS e ANTI LEFT JOIN us ON e.u = us.u AND e.id > us.age GROUP BY ALL ORDER BY ALL
SELECT e.id, count() FROM ev AS e ANTI LEFT JOIN us ON e.u = us.u AND us.age > 21 GROUP BY ALL ORDER BY ALL
SELECT e.id, count() FROM ev AS e ANTI LEFT JOIN us ON e.u = us.u AND e.i % 2 = 0 GROUP BY ALL ORDER BY ALL
SELECT e.id, count() FROM ev AS e ANTI LEFT JOIN us ON e.u = us.u AND e.d >= us.since GROUP BY ALL ORDER BY ALL
SELECT e.id, count() FROM ev AS e ANTI LEFT JOIN us ON e.u = us.u AND (e.id > 50 OR us.country = 'c1') GROUP BY ALL ORDER BY ALL
SELECT e.id, count() FROM ev AS e ANTI LEFT JOIN us ON e.u = us.u AND e.n = us.age GROUP BY ALL ORDER BY ALL
SELECT e.id, count() FROM ev AS e ANTI LEFT JOIN us ON e.u = concat(us.u, '') GROUP BY ALL ORDER BY ALL
SELECT e.id, count() FROM ev AS e ANTI LEFT JOIN us ON e.u = us.u AND e.k != us.country GROUP BY ALL ORDER BY ALL
SELECT us.age, count() FROM ev AS e ANTI RIGHT JOIN us ON e.u = us.u GROUP BY ALL ORDER BY ALL
SELECT us.age, count() FROM ev AS e ANTI RIGHT JOIN us ON e.u = us.u AND e.id > us.age GROUP BY ALL ORDER BY ALL
SELECT us.age, count() FROM ev AS e ANTI RIGHT JOIN us ON e.u = us.u AND us.age > 21 GROUP BY ALL ORDER BY ALL
SELECT us.age, count() FROM ev AS e ANTI RIGHT JOIN us ON e.u = us.u AND e.i % 2 = 0 GROUP BY ALL ORDER BY ALL
SELECT us.age, count() FROM ev AS e ANTI RIGHT JOIN us ON e.u = us.u AND e.d >= us.since GROUP BY ALL ORDER BY ALL
SELECT us.age, count() FROM ev AS e ANTI RIGHT JOIN us ON e.u = us.u AND (e.id > 50 OR us.country = 'c1') GROUP BY ALL ORDER BY ALL
SELECT us.age, count() FROM ev AS e ANTI RIGHT JOIN us ON e.u = us.u AND e.n = us.age GROUP BY ALL ORDER BY ALL
SELECT us.age, count() FROM ev AS e ANTI RIGHT JOIN us ON e.u = concat(us.u, '') GROUP BY ALL ORDER BY ALL
SELECT us.age, count() FROM ev AS e ANTI RIGHT JOIN us ON e.u = us.u AND e.k != us.country GROUP BY ALL ORDER BY ALL
SELECT e.id, us.u, count() FROM ev AS e ANY LEFT JOIN us ON e.u = us.u GROUP BY ALL ORDER BY ALL
SELECT e.id, us.u, count() FROM ev AS e ANY LEFT JOIN us ON e.u = us.u AND e.id > us.age GROUP BY ALL ORDER BY ALL
SELECT e.id, us.u, count() FROM ev AS e ANY LEFT JOIN us ON e.u = us.u AND us.age > 21 GROUP BY ALL ORDER BY ALL
SELECT e.id, us.u, count() FROM ev AS e ANY LEFT JOIN us ON e.u = us.u AND e.i % 2 = 0 GROUP BY ALL ORDER BY ALL
SELECT e.id, us.u, count() FROM ev AS e ANY LEFT JOIN us ON e.u = us.u AND e.d >= us.since GROUP BY ALL ORDER BY ALL
SELECT e.id, us.u, count() FROM ev AS e ANY LEFT JOIN us ON e.u = us.u AND (e.id > 50 OR us.country = 'c1') GROUP BY ALL ORDER BY ALL
SELECT e.id, us.u, count() FROM ev AS e ANY LEFT JOIN us ON e.u = us.u AND e.n = us.age GROUP BY ALL ORDER BY ALL
SELECT e.id, us.u, count() FROM ev AS e ANY LEFT JOIN us ON e.u = concat(us.u, '') GROUP BY ALL ORDER BY ALL
SELECT e.id, us.u, count() FROM ev AS e ANY LEFT JOIN us ON e.u = us.u AND e.k != us.country GROUP BY ALL ORDER BY ALL
SELECT e.id, p.t, p.price FROM ev AS e ASOF JOIN pr AS p ON e.k = p.k AND e.t >= p.t ORDER BY e.id, p.t
SELECT e.id, p.price, p.q FROM ev AS e ASOF JOIN pr AS p ON e.k = p.k AND e.t >= p.t AND p.q > 0 ORDER BY e.id, p.price
SELECT e.id, p.price FROM ev AS e ASOF JOIN pr AS p ON e.k = p.k AND e.t >= p.t AND e.i > 100 ORDER BY e.id, p.price
SELECT e.id, p.t, p.price FROM ev AS e ASOF LEFT JOIN pr AS p ON e.k = p.k AND e.t >= p.t ORDER BY e.id, p.t
SELECT e.id, p.price, p.q FROM ev AS e ASOF LEFT JOIN pr AS p ON e.k = p.k AND e.t >= p.t AND p.q > 0 ORDER BY e.id, p.price
SELECT e.id, p.price FROM ev AS e ASOF LEFT JOIN pr AS p ON e.k = p.k AND e.t >= p.t AND e.i > 100 ORDER BY e.id, p.price
SELECT e.id, p.t, p.price FROM ev AS e ASOF JOIN pr AS p ON e.k = p.k AND e.t > p.t ORDER BY e.id, p.t
SELECT e.id, p.price, p.q FROM ev AS e ASOF JOIN pr AS p ON e.k = p.k AND e.t > p.t AND p.q > 0 ORDER BY e.id, p.price
SELECT e.id, p.price FROM ev AS e ASOF JOIN pr AS p ON e.k = p.k AND e.t > p.t AND e.i > 100 ORDER BY e.id, p.price
SELECT e.id, p.t, p.price FROM ev AS e ASOF LEFT JOIN pr AS p ON e.k = p.k AND e.t > p.t ORDER BY e.id, p.t
SELECT e.id, p.price, p.q FROM ev AS e ASOF LEFT JOIN pr AS p ON e.k = p.k AND e.t > p.t AND p.q > 0 ORDER BY e.id, p.price
SELECT e.id, p.price FROM ev AS e ASOF LEFT JOIN pr AS p ON e.k = p.k AND e.t > p.t AND e.i > 100 ORDER BY e.id, p.price
SELECT e.id, p.t, p.price FROM ev AS e ASOF JOIN pr AS p ON e.k = p.k AND e.t <= p.t ORDER BY e.id, p.t
SELECT e.id, p.price, p.q FROM ev AS e ASOF JOIN pr AS p ON e.k = p.k AND e.t <= p.t AND p.q > 0 ORDER BY e.id, p.price
SELECT e.id, p.price FROM ev AS e ASOF JOIN pr AS p ON e.k = p.k AND e.t <= p.t AND e.i > 100 ORDER BY e.id, p.price
SELECT e.id, p.t, p.price FROM ev AS e ASOF LEFT JOIN pr AS p ON e.k = p.k AND e.t <= p.t ORDER BY e.id, p.t
SELECT e.id, p.price, p.q FROM ev AS e ASOF LEFT JOIN pr AS p ON e.k = p.k AND e.t <= p.t AND p.q > 0 ORDER BY e.id, p.price
SELECT e.id, p.price FROM ev AS e ASOF LEFT JOIN pr AS p ON e.k = p.k AND e.t <= p.t AND e.i > 100 ORDER BY e.id, p.price
SELECT e.id, p.t, p.price FROM ev AS e ASOF JOIN pr AS p ON e.k = p.k AND e.t < p.t ORDER BY e.id, p.t
SELECT e.id, p.price, p.q FROM ev AS e ASOF JOIN pr AS p ON e.k = p.k AND e.t < p.t AND p.q > 0 ORDER BY e.id, p.price
SELECT e.id, p.price FROM ev AS e ASOF JOIN pr AS p ON e.k = p.k AND e.t < p.t AND e.i > 100 ORDER BY e.id, p.price
SELECT e.id, p.t, p.price FROM ev AS e ASOF LEFT JOIN pr AS p ON e.k = p.k AND e.t < p.t ORDER BY e.id, p.t
SELECT e.id, p.price, p.q FROM ev AS e ASOF LEFT JOIN pr AS p ON e.k = p.k AND e.t < p.t AND p.q > 0 ORDER BY e.id, p.price
SELECT e.id, p.price FROM ev AS e ASOF LEFT JOIN pr AS p ON e.k = p.k AND e.t < p.t AND e.i > 100 ORDER BY e.id, p.price
SELECT e.id, p.price FROM ev AS e ASOF JOIN pr AS p USING (k, t) ORDER BY e.id
SELECT e.id, count() FROM ev AS e, us WHERE e.u = us.u GROUP BY e.id ORDER BY e.id
SELECT count() FROM ev AS a JOIN ev AS b ON a.id < b.id AND a.k = b.k
SELECT count() FROM ev AS a LEFT JOIN ev AS b ON a.id < b.id AND a.k = b.k AND b.n IS NULL
SELECT a.id, b.id FROM ev AS a JOIN ev AS b ON a.id = b.id + 1 OR a.id = b.id * 2 ORDER BY ALL LIMIT 20
SELECT * FROM us LEFT JOIN pr ON us.country = pr.k ORDER BY ALL
SELECT us.u, name, pr.* FROM us RIGHT JOIN pr ON us.age = pr.q + 20 ORDER BY ALL
SELECT u, count(), sum(age) FROM ev FULL JOIN us USING u GROUP BY u ORDER BY u
SELECT ev.u, us.u, u FROM ev FULL JOIN us USING u ORDER BY ALL LIMIT 30
SELECT u, toTypeName(name), toTypeName(age) FROM ev LEFT JOIN us USING u ORDER BY ALL LIMIT 3 SETTINGS join_use_nulls = 1
SELECT u, name IS NULL, age IS NULL FROM ev LEFT JOIN us USING u ORDER BY ALL LIMIT 50 SETTINGS join_use_nulls = 1
SELECT id, (SELECT count() FROM us WHERE us.u = ev.u) AS c FROM ev ORDER BY id LIMIT 20
SELECT id FROM ev WHERE EXISTS (SELECT 1 FROM us WHERE us.u = ev.u AND us.age > 22) ORDER BY id
SELECT id FROM ev WHERE NOT EXISTS (SELECT 1 FROM us WHERE us.u = ev.u) ORDER BY id
SELECT id FROM ev WHERE i > (SELECT avg(i) FROM ev AS e2 WHERE e2.k = ev.k) ORDER BY id
SELECT u, (SELECT max(id) FROM ev WHERE ev.u = us.u) AS m FROM us ORDER BY u, age
SELECT u, (SELECT sum(price) FROM pr WHERE pr.k = us.country) AS m FROM us ORDER BY u, age
SELECT id FROM ev WHERE id IN (SELECT max(id) FROM ev AS x WHERE x.k = ev.k) ORDER BY id
SELECT id, k FROM ev WHERE (k, id) IN (SELECT k, max(id) FROM ev GROUP BY k) ORDER BY id
SELECT id FROM ev WHERE EXISTS (SELECT 1 FROM us) ORDER BY id LIMIT 2
SELECT id FROM ev WHERE u = ANY (SELECT u FROM us) ORDER BY id LIMIT 5
SELECT id FROM ev WHERE id > ALL (SELECT age FROM us) ORDER BY id LIMIT 5
SELECT id FROM ev WHERE id >= ANY (SELECT age FROM us) ORDER BY id LIMIT 5
SELECT id FROM ev WHERE u NOT IN (SELECT u FROM us) ORDER BY id LIMIT 5
SELECT id FROM ev WHERE n IN (SELECT n FROM ev WHERE id < 20) ORDER BY id LIMIT 30
SELECT id FROM ev WHERE n NOT IN (SELECT n FROM ev WHERE id < 20) ORDER BY id LIMIT 30
SELECT id, n FROM ev WHERE n IN (SELECT n FROM ev WHERE id IN (0, 1)) ORDER BY id
SELECT u FROM us WHERE name IN (SELECT name FROM us WHERE name IS NULL) ORDER BY u
SELECT '' IN (SELECT name FROM us WHERE name IS NULL)
SELECT (1, 0) IN (SELECT 1, n FROM ev WHERE n IS NULL)
SELECT 0 NOT IN (SELECT n FROM ev WHERE n IS NULL)
SELECT id FROM ev WHERE (k, n) IN (SELECT k, n FROM ev WHERE n IS NULL) ORDER BY id
SELECT e.id, g.c, g.m FROM ev AS e JOIN (SELECT u, count() AS c, min(id) AS m FROM ev GROUP BY u) AS g ON g.u = e.u ORDER BY e.id, g.c, g.m LIMIT 300
SELECT e.id, g.c, g.m FROM ev AS e LEFT JOIN (SELECT u, count() AS c, min(id) AS m FROM ev WHERE id % 3 = 0 GROUP BY u) AS g ON g.u = e.u ORDER BY e.id, g.c, g.m LIMIT 300
SELECT e.id, g.c, g.m FROM ev AS e JOIN (SELECT u, count() AS c, min(id) AS m FROM ev WHERE id < 7 GROUP BY u) AS g ON g.u = e.u ORDER BY e.id, g.c, g.m LIMIT 300
SELECT e.id, g.u, g.m FROM (SELECT u, id FROM ev WHERE id < 5) AS e RIGHT JOIN (SELECT u, min(id) AS m FROM ev GROUP BY u) AS g ON g.u = e.u ORDER BY ALL LIMIT 300
SELECT e.id, g.u, g.m FROM (SELECT u, id FROM ev WHERE id < 5) AS e FULL JOIN (SELECT u, min(id) AS m FROM ev WHERE id % 2 = 0 GROUP BY u) AS g ON g.u = e.u ORDER BY ALL LIMIT 300
SELECT e.id, g.m FROM ev AS e ANY JOIN (SELECT u, min(id) AS m FROM ev GROUP BY u) AS g ON g.u = e.u ORDER BY ALL LIMIT 300
SELECT count(), sum(e.id) FROM ev AS e ANTI LEFT JOIN (SELECT u FROM ev WHERE id % 5 != 0 GROUP BY u) AS g ON g.u = e.u
SELECT count(), sum(e.id) FROM ev AS e SEMI LEFT JOIN (SELECT u FROM ev GROUP BY u) AS g ON g.u = e.u
SELECT e.id, g.n, g.c FROM ev AS e LEFT JOIN (SELECT n, count() AS c FROM ev GROUP BY n) AS g ON g.n = e.n ORDER BY ALL LIMIT 300
SELECT count(), sum(g.c) FROM ev AS e JOIN (SELECT k, u, count() AS c FROM ev GROUP BY k, u) AS g ON g.u = e.u AND g.k = e.k
SELECT count(), sum(g.c) FROM ev AS e CROSS JOIN (SELECT count() AS c FROM ev) AS g
SELECT us.u, z.u, us.age FROM us AS z JOIN us ON us.age = z.age + 1 ORDER BY ALL
SELECT us.u, z.u FROM us JOIN us AS z ON us.age = z.age + 1 WHERE us.country = 'c1' ORDER BY ALL
SELECT us.u, ev.id, z.u, us.country, z.country FROM us JOIN ev ON us.u = ev.u JOIN us AS z ON z.age = us.age + 1 WHERE us.name != 'x' ORDER BY ALL
SELECT us.u, z.u FROM (SELECT u, age FROM us WHERE age > 21) AS us, ev, us AS z WHERE us.u = ev.u AND z.age = us.age + 1 AND us.age < 30 ORDER BY ALL LIMIT 20
SELECT us.u, us.age FROM us AS a JOIN us AS b ON a.u = b.u ORDER BY ALL
