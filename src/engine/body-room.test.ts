import { expect, it } from 'vitest'
import { createArena } from '../../storage/arena/create.ts'
import { BodyRoom } from './body-room.ts'

it('hands out an eighth of the memory for rows at most, again once it was given back', () => {
  const arena = createArena({ budgetBytes: 64 * 65_536 })
  const rooms = new BodyRoom(arena)
  const [first, second] = [rooms.take(65_537), rooms.take(6 * 65_536 - 1)]
  if (first === null || second === null) throw new Error('no room')
  expect([first.length, arena.bytes(arena.addressOf(first), 1).byteOffset]).toEqual([65_537, first.byteOffset])
  expect(rooms.take(65_537)).toBe(null)
  rooms.giveBack(first)
  const third = rooms.take(2 * 65_536)
  if (third === null) throw new Error('no room again')
  for (const room of [second, third]) rooms.giveBack(room)
  expect(arena.usedBytes).toBe(0)
})

it('has none where rows have taken all', () => {
  const arena = createArena({ budgetBytes: 64 * 65_536 })
  arena.allocate(63 * 65_536)
  expect(new BodyRoom(arena).take(2 * 65_536)).toBe(null)
})
