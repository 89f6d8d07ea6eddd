import { expect, it } from 'vitest'
import { AnswerMemory, giveBackAnswer } from './answer-memory.ts'

const MiB = 2 ** 20

it('lends the same memory again once an answer is out, and never one that is not', () => {
  const memory = new AnswerMemory(MiB, 16 * MiB)
  const first = memory.take(3 * MiB)
  const beside = memory.take(3 * MiB)
  expect(beside.buffer).not.toBe(first.buffer)
  expect([first.length, beside.length]).toEqual([3 * MiB, 3 * MiB])
  giveBackAnswer(beside) // of its own memory: says nothing of the other
  expect(memory.take(3 * MiB).buffer).not.toBe(first.buffer)
  giveBackAnswer(first)
  const next = memory.take(3 * MiB + 1000)
  expect(next.buffer).toBe(first.buffer)
  expect(next.length).toBe(3 * MiB + 1000)
  memory.giveBack(next)
  expect(memory.take(2 * MiB).buffer).toBe(first.buffer)
})

it('takes other memory for an answer that does not fit, or is far smaller', () => {
  const memory = new AnswerMemory(MiB, 64 * MiB)
  const lent = [3, 40, 2].map((size) => {
    const answer = memory.take(size * MiB)
    giveBackAnswer(answer)
    return answer.buffer
  })
  expect(new Set(lent).size).toBe(3)
})

it('gives memory of their own to answers that are small or very large, and to the next after forget()', () => {
  const memory = new AnswerMemory(MiB, 4 * MiB)
  for (const size of [0, MiB - 1, 4 * MiB + 1]) expect(memory.take(size).buffer).toBeInstanceOf(ArrayBuffer)
  const first = memory.take(MiB)
  memory.forget()
  expect(memory.take(MiB).buffer).not.toBe(first.buffer)
})
