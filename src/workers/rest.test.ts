import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { restAfterWork } from './rest.ts'

describe('rest after work', () => {
  beforeEach(() => { vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }) })
  afterEach(() => { vi.useRealTimers() })

  it('collects four times after each time of work, and not while work goes on', () => {
    let collected = 0
    const worked = restAfterWork(1000, () => { collected++ })
    for (let step = 0; step < 10; step++) {
      worked()
      vi.advanceTimersByTime(900)
    }
    expect(collected).toBe(0)
    vi.advanceTimersByTime(100)
    expect(collected).toBe(1)
    vi.advanceTimersByTime(100_000)
    expect(collected).toBe(4)
    worked()
    vi.advanceTimersByTime(1000)
    expect(collected).toBe(5)
    worked()
    vi.advanceTimersByTime(999)
    expect(collected).toBe(5)
  })

  it('frees what nothing holds any more', async () => {
    vi.useRealTimers()
    const held: { big: number[] | null } = { big: Array.from({ length: 1e6 }, (_, i) => i + 0.5) }
    const ref = new WeakRef(held.big as number[])
    held.big = null
    restAfterWork(1)()
    await expect.poll(() => ref.deref() === undefined, { timeout: 5000 }).toBe(true)
  })
})
