-- Patterns that match with mistakes.
SELECT multiFuzzyMatchAny('abc', 0, ['a1c']), multiFuzzyMatchAny('abc', 1, ['a1c']), multiFuzzyMatchAny('Hello World', 1, ['helo']), multiFuzzyMatchAny('Hello World', 2, ['helo']), multiFuzzyMatchAny('Hello World', 1, ['Helo']), multiFuzzyMatchAny('Hello World', 1, ['Wrld', 'x y z']), multiFuzzyMatchAny('naïve', 1, ['naive']), multiFuzzyMatchAny('naïve', 2, ['naive'])
SELECT multiFuzzyMatchAny('foobar', 1, ['^fob']), multiFuzzyMatchAny('xfoobar', 1, ['^fob']), multiFuzzyMatchAny('foobar', 1, ['ba$']), multiFuzzyMatchAny('foobar', 1, ['(?i)FOXB']), multiFuzzyMatchAny('abcdefgh', 2, ['a.c[x-z]efg']), multiFuzzyMatchAny('abababab', 1, ['(ab){3}c']), multiFuzzyMatchAny('', 1, ['abc']), multiFuzzyMatchAny('', 0, ['a*'])
SELECT multiFuzzyMatchAnyIndex('aaa', 1, ['zzz', 'aab']), multiFuzzyMatchAnyIndex('aaa', 1, ['zzz', 'yyy']), arraySort(multiFuzzyMatchAllIndices('aaa', 1, ['zzz', 'aab', 'aaa'])), toTypeName(multiFuzzyMatchAnyIndex('a', 1, ['abc'])), toTypeName(multiFuzzyMatchAllIndices('aaa', 1, ['abc'])), multiFuzzyMatchAny(toNullable('abc'), 1, ['abd']), multiFuzzyMatchAny(NULL, 1, ['abd'])
SELECT s, u, multiFuzzyMatchAny(concat(s, u), 1, ['s1u', '2u5', '^70']), arraySort(multiFuzzyMatchAllIndices(concat(s, '-', u), 1, ['s1-u', 's2u', '1-.9'])), multiFuzzyMatchAny(k, 1, ['xk2', 'k33']) FROM ev ORDER BY id LIMIT 60
SELECT k, countIf(multiFuzzyMatchAny(concat(s, 'abc', u), 2, ['abcde', 's.3abx'])) FROM ev GROUP BY k ORDER BY k
! SELECT multiFuzzyMatchAny('abc', 3, ['xyz'])
! SELECT multiFuzzyMatchAny('abc', 1, ['x$'])
! SELECT multiFuzzyMatchAny('abc', 1, [''])
! SELECT multiFuzzyMatchAny('abc', -1, ['a'])
! SELECT multiFuzzyMatchAny('abc', 1.5, ['a'])
! SELECT multiFuzzyMatchAny('abc', 40000, ['a'])
! SELECT multiFuzzyMatchAny('one two', 1, ['\\bone\\stwx\\b'])
! SELECT multiFuzzyMatchAny('abc', 1, 'abc')
! SELECT multiFuzzyMatchAny('x', 1, [])
