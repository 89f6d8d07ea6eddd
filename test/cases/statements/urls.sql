-- Several parameters of a URL, cut at once.
SELECT cutURLParameter('http://a.b/?x=1&y=2&z=3#f', ['y', 'x']), cutURLParameter('http://a.b/?x=1', ['x']), cutURLParameter('http://a.b/?x=1&y=2', ['q', 'y']), cutURLParameter('http://a.b/', ['q'])
SELECT cutURLParameter(concat('http://a.b/?', k, '=1&id=', toString(id), '&z=3'), ['k1', 'z']) AS url, cutURLParameter(nullIf(url, 'http://a.b/?id=1'), ['id']) AS bare FROM ev ORDER BY id LIMIT 12
