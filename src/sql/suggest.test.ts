import { describe, expect, it } from 'vitest'
import { didYouMean, editDistance, nearestName } from './suggest.ts'

describe('near names', () => {
  it('counts a swap of neighbours and a missing letter as one edit, and case as none', () => {
    expect(editDistance('user_di', 'user_id')).toBe(1)
    expect(editDistance('usr_id', 'user_id')).toBe(1)
    expect(editDistance('USER_ID', 'user_id')).toBe(0)
    expect(editDistance('abc', '')).toBe(3)
  })

  it('names the nearest candidate, and none that is too far to be meant', () => {
    expect(nearestName('app_evnts', ['users', 'app_events', 'app_event_types'])).toBe('app_events')
    expect(nearestName('revenue', ['users', 'app_events'])).toBeNull()
    expect(nearestName('x', ['a', 'b'])).toBeNull()
  })

  it('says it as the end of a sentence', () => {
    expect(didYouMean('Strng', ['String', 'Int8'])).toBe('; did you mean String?')
    expect(didYouMean('Strng', [])).toBe('')
  })
})
