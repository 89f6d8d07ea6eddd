-- Functions that are rarely called.
SELECT hex(MD4('')), hex(MD4('abc')), toTypeName(MD4('a')), hex(MD4(repeat('1234567890', 8))), hex(MD4(repeat('x', 55))), hex(MD4(repeat('x', 56))), hex(MD4(repeat('x', 64))), hex(MD4(s)) FROM ev ORDER BY id LIMIT 3
SELECT xxh3_128(''), xxh3_128('a'), xxh3_128('ab'), xxh3_128('abc'), xxh3_128('abcd'), xxh3_128('abcdefgh'), xxh3_128('abcdefghi'), xxh3_128('abcdefghijklmnop'), xxh3_128(repeat('a', 17)), xxh3_128(repeat('ab', 16)), xxh3_128(repeat('abc', 20)), xxh3_128(repeat('abc', 30)), xxh3_128(repeat('ab', 64)), xxh3_128(repeat('abc', 43)), xxh3_128(repeat('ab', 80)), xxh3_128(repeat('abc', 80)), xxh3_128(repeat('abc', 81)), xxh3_128(repeat('abcde', 500))
SELECT xxh3_128(1), xxh3_128('a', 'b'), xxh3_128([1, 2]), xxh3_128((1, 'a')), xxh3_128(NULL), xxh3_128(1.5, toUInt64(7)), xxh3_128(s, i), toTypeName(xxh3_128(k)) FROM ev ORDER BY id LIMIT 3
SELECT xxHash64Spark('a'), xxHash64Spark(''), xxHash64Spark('Spark SQL is a long text of more than 32 bytes'), xxHash64Spark(toNullable('abc')), xxHash64Spark(NULL), xxHash64Spark(k), toTypeName(xxHash64Spark(k)) FROM ev ORDER BY id LIMIT 3
! SELECT xxHash64Spark(1)
! SELECT xxHash64Spark('a', 'b')
! SELECT xxHash64Spark(toFixedString('ab', 3))
! SELECT MD4(1)
SELECT arrayEnumerateUniqRanked([1, 2, 1]), arrayEnumerateUniqRanked(1, [[1, 2], [2]], 2), arrayEnumerateUniqRanked([[1, 2], [2]], 1), arrayEnumerateDenseRanked([[1, 2], [2]], 1), arrayEnumerateUniqRanked([[1, 2], [2]], [5, 6]), arrayEnumerateUniqRanked(2, [[1, 2], [2]], [5, 6]), toTypeName(arrayEnumerateDenseRanked([[1, 2], [2]])), arrayEnumerateUniqRanked(1, [[[1, 2], [2]], [[1]]], 2), arrayEnumerateUniqRanked(2, [[[1, 2], [2]], [[1]]], 3), arrayEnumerateUniqRanked(3, [[[1, 2], [2]], [[1]]], 3), arrayEnumerateUniqRanked([[], [1], [], [1, 1]]), arrayEnumerateUniqRanked([NULL, 1, NULL])
SELECT arrayEnumerateDenseRanked(1, [[10, 10, 30, 20], [40, 50, 10, 30]], 2), arrayEnumerateDenseRanked(2, [[10, 10, 30, 20], [40, 50, 10, 30]], 2), arrayEnumerateUniqRanked([['hello', 'world'], ['hello'], ['world'], ['world']], ['a', 'b', 'b', 'b']), arrayEnumerateUniqRanked([['hello', 'world'], ['hello'], ['world'], ['world']], 1, ['a', 'b', 'b', 'b'], 1), arrayEnumerateUniqRanked(a), arrayEnumerateDenseRanked(1, [a, a], 2), arrayEnumerateUniqRanked(2, [a, [k], a], 2) FROM ev ORDER BY id LIMIT 5
! SELECT arrayEnumerateUniqRanked(1)
! SELECT arrayEnumerateUniqRanked([1], 2)
! SELECT arrayEnumerateUniqRanked(0, [1])
! SELECT arrayEnumerateUniqRanked(2, [1])
! SELECT arrayEnumerateUniqRanked([1], [1, 2])
! SELECT arrayEnumerateUniqRanked(2, [[1, 2], [1]], 1)
! SELECT arrayEnumerateUniqRanked([1], 1, 1)
! SELECT arrayEnumerateUniqRanked(1, 1, [1])
! SELECT arrayEnumerateUniqRanked('a')
! SELECT arrayEnumerateUniqRanked([1], 0)
SELECT arrayNormalizedGini([0.9, 0.3, 0.8, 0.7], [6, 1, 0, 2]), arrayNormalizedGini([1, 2], [1, 2]), arrayNormalizedGini([1, 2, 3], [0, 0, 0]), arrayNormalizedGini([0.2, 0.1, 0.4]::Array(Float32), [3, 4, 5.5]), toTypeName(arrayNormalizedGini([1], [2]))
! SELECT arrayNormalizedGini([1], [1, 2])
! SELECT arrayNormalizedGini(['a'], [1])
! SELECT arrayNormalizedGini(1, [1])
SELECT naturalSortKey('file2.txt'), naturalSortKey('a001b12'), naturalSortKey('000'), naturalSortKey(''), naturalSortKey('1.5'), naturalSortKey('-5'), NATURAL_SORT_KEY('ä1é'), natural_sort_key('x0.05'), toTypeName(naturalSortKey(k)), naturalSortKey(toNullable('a1')) FROM ev LIMIT 1
SELECT n, naturalSortKey(concat('x', repeat('7', n))) FROM (SELECT arrayJoin([1, 8, 9, 10, 17, 18, 19, 20, 21, 22, 26, 27, 36, 99, 100, 101, 1000]) AS n)
SELECT s FROM ev ORDER BY naturalSortKey(s), id LIMIT 20
! SELECT naturalSortKey(1)
! SELECT naturalSortKey(toFixedString('a1', 3))
SELECT highlight('the Quick brown quick', ['quick', 'ick b'], '[', ']'), highlight('the quick brown', ['QUICK', 'own']), highlight('aaaa', ['aa', '']), highlight('', ['a']), highlight('ababab', ['ab']), highlight('ÄäA', ['ä']), highlight(concat(s, u), ['s1', 'U2']) FROM ev ORDER BY id LIMIT 5
! SELECT highlight('the quick brown', 'quick')
! SELECT highlight('a', ['a'], '<b>')
! SELECT highlight('a', a) FROM ev
! SELECT highlight(1, ['a'])
! SELECT highlight('a', [1])
! SELECT highlight('x', [])
