-- Cells of H3 over points and over cells; what is no cell is refused.
SELECT number AS n, sin(n * 12.9) * 89.9 AS lat, sin(n * 78.2) * 179.9 AS lon, toUInt8(n % 16) AS r, geoToH3(lat, lon, r) AS c, h3IsValid(c), h3GetResolution(c), h3GetBaseCell(c), h3IsResClassIII(c), h3IsPentagon(c), h3ToString(c), stringToH3(h3ToString(c)) FROM numbers(200) ORDER BY n
SELECT round(h3ToGeo(c).1, 9), round(h3ToGeo(c).2, 9), arrayMap(p -> (round(p.1, 9), round(p.2, 9)), h3ToGeoBoundary(c)), h3GetFaces(c), round(h3CellAreaM2(c) / 1e6, 5), round(h3CellAreaRads2(c), 12) FROM (SELECT number AS n, geoToH3(sin(n * 12.9) * 89.9, sin(n * 78.2) * 179.9, toUInt8(n % 16)) AS c FROM numbers(100)) ORDER BY n
SELECT h3ToParent(c, toUInt8(2)), h3ToCenterChild(c, toUInt8(12)), h3ToChildren(c, toUInt8(9)), h3kRing(c, 1), h3kRing(c, toUInt16(3)), h3GetUnidirectionalEdgesFromHexagon(c) FROM (SELECT number AS n, geoToH3(sin(n * 12.9) * 89.9, sin(n * 78.2) * 179.9, toUInt8(7 + n % 3)) AS c FROM numbers(30)) ORDER BY n
SELECT h3HexRing(c, toUInt16(2)), arrayMap(x -> h3Distance(c, x), h3kRing(c, 2)), arrayMap(x -> h3IndexesAreNeighbors(c, x), h3kRing(c, 2)), h3Line(c, h3kRing(c, 4)[50]), arrayMap(x -> h3GetUnidirectionalEdge(c, x), h3kRing(c, 1)) FROM (SELECT number AS n, geoToH3(48 + sin(n * 12.9), 11 + sin(n * 78.2), toUInt8(5 + n % 5)) AS c FROM numbers(20)) ORDER BY n
SELECT h3UnidirectionalEdgeIsValid(e), h3GetOriginIndexFromUnidirectionalEdge(e), h3GetDestinationIndexFromUnidirectionalEdge(e), h3GetIndexesFromUnidirectionalEdge(e), arrayMap(p -> (round(p.1, 9), round(p.2, 9)), h3GetUnidirectionalEdgeBoundary(e)), round(h3ExactEdgeLengthM(e), 4), round(h3ExactEdgeLengthKm(e), 7), round(h3ExactEdgeLengthRads(e), 11) FROM (SELECT arrayJoin(h3GetUnidirectionalEdgesFromHexagon(geoToH3(55.71290588, 37.79506683, toUInt8(7)))) AS e) ORDER BY e
SELECT toUInt8(number) AS r, h3EdgeAngle(r), h3EdgeLengthM(r), h3EdgeLengthKm(r), h3HexAreaM2(r), h3HexAreaKm2(r), h3NumHexagons(r), h3GetPentagonIndexes(r) FROM numbers(16) ORDER BY r
SELECT round(h3PointDistM(-10.0 ,0.0, 10.0, 0.0), 5), round(h3PointDistKm(48.1, 11.6, 52.5, 13.4), 8), round(h3PointDistRads(-10.0 ,0.0, 10.0, 0.0), 12), h3GetRes0Indexes(), h3IsValid(toUInt64(5)), h3Distance(590080540275638271, 644325529233966508)
SELECT h3kRing(599119489002373119, 1), h3GetUnidirectionalEdgesFromHexagon(599119489002373119), arrayMap(p -> (round(p.1, 9), round(p.2, 9)), h3ToGeoBoundary(599119489002373119)), h3IsPentagon(599119489002373119), h3GetFaces(599119489002373119), h3ToChildren(599405990164561919, 2), h3UnidirectionalEdgeIsValid(toUInt64(0))
SELECT stringToH3('89184926cc3FFFF'), stringToH3('0x89184926cc3ffff'), h3GetUnidirectionalEdge(599686042433355775, 599119489002373119), toTypeName(h3ToGeo(599686042433355775)), toTypeName(h3GetIndexesFromUnidirectionalEdge(1248204388774707199))
SELECT h3ToParent(599405990164561919, 5), h3ToChildren(599405990164561919, 5), h3kRing(599405990164561919, 0), h3ToCenterChild(577023702256844799, 0)
SELECT geoToH3(555.5, 37.79506683, 5), geoToH3(-91.5, 1000.5, 5), geoToH3(0., 0., 0)
SELECT geoToH3(lat, lon, 9) AS c, count() FROM (SELECT 48 + number / 1e4 AS lat, 11.5 + number / 1e4 AS lon FROM numbers(100)) GROUP BY c ORDER BY c
! SELECT geoToH3(nan, 1., 5)
! SELECT geoToH3(1., inf, 5)
! SELECT geoToH3(55., 37., 16)
! SELECT geoToH3(55, 37, 5)
! SELECT h3GetResolution(toUInt64(0))
! SELECT h3GetResolution(5)
! SELECT h3ToString(toUInt64(5))
! SELECT h3kRing(toUInt64(0), 1)
! SELECT h3kRing(644325529233966508, -1)
SELECT h3ToParent(599405990164561919, 6), h3ToCenterChild(599405990164561919, 2)
! SELECT h3ToParent(599405990164561919, 16)
! SELECT h3GetOriginIndexFromUnidirectionalEdge(toUInt64(0))
! SELECT h3GetUnidirectionalEdgeBoundary(toUInt64(0))
! SELECT h3ExactEdgeLengthM(599405990164561919)
! SELECT h3HexRing(599119489002373119, toUInt16(1))
! SELECT h3Line(590080540275638271, 644325529233966508)
SELECT arrayMap(x -> stringToH3(x), ['12', ' abc', '0x12', '12zz', '+7', '-1', '11111111111111111', '-11111111111111111', '00000000000000000000089283082803ffff'])
! SELECT stringToH3('x')
! SELECT stringToH3('0')
! SELECT stringToH3('')
! SELECT h3NumHexagons(16)
! SELECT h3HexAreaM2(toInt32(3))
! SELECT h3HexAreaM2(toInt32(3))
-- Shapes and columns.
SELECT h3PolygonToCells([(11.,48.),(11.5,48.),(11.5,48.5)], 5), h3PolygonToCells([[(11.,48.),(11.5,48.),(11.5,48.5)], [(11.3,48.1),(11.4,48.1),(11.4,48.2)]], 7), h3PolygonToCells([[[(11.,48.),(11.5,48.),(11.5,48.5)]],[[(1.,8.),(1.5,8.),(1.5,8.5)]]], 4), h3PolygonToCells([(0.,0.),(1.,0.),(1.,1.)], 3)
SELECT h3GetResolution(c) AS r, count(), min(h3ToString(c)) FROM (SELECT geoToH3(f, toFloat64(id), toUInt8(id % 10)) AS c FROM ev) GROUP BY r ORDER BY r
