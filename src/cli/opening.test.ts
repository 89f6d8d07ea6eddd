import { expect, it, vi } from 'vitest'
import { readWhileOpening } from './opening.ts'

it('tells what is wrong while the other still opens, which is closed then, whatever becomes of that', async () => {
  const close = vi.fn(() => Promise.reject(new Error('it does not close')))
  let open = (_opened: { close: typeof close }): void => {}
  const opening = new Promise<{ close: typeof close }>((resolve) => { open = resolve })
  await expect(readWhileOpening(opening, () => { throw new Error('what is wrong') })).rejects.toThrow('what is wrong')
  open({ close })
  await vi.waitFor(() => { expect(close).toHaveBeenCalledOnce() })
  await expect(readWhileOpening(Promise.reject(new Error('it does not open')), () => { throw new Error('what is wrong') })).rejects.toThrow('what is wrong')
})
