import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_AHEAD_BYTES } from '../../src/session/ahead.ts'
import { Kept } from '../../src/session/kept.ts'

const RECEIPT = { ms: 12.5, stops: 3 }

describe('Messages that are kept', () => {
  it('come as they went in, in their order, whenever they are taken', () => {
    const message = fc.uint8Array({ minLength: 1, maxLength: 600 })
    fc.assert(
      fc.property(fc.array(fc.oneof(message, fc.constant('take' as const))), (steps) => {
        const kept = new Kept(RECEIPT)
        const wanted: Uint8Array[] = []
        const check = () => expect(kept.take()).toEqual({ kind: 'message', message: wanted.shift(), receipt: RECEIPT })
        for (const step of steps) {
          if (step !== 'take') {
            wanted.push(step)
            kept.add(Uint8Array.of(1, ...step, 2), 1, step.length + 1)
          } else if (!kept.isEmpty) check()
          expect(kept.isEmpty).toBe(wanted.length === 0)
        }
        while (wanted.length > 0) check()
      }),
    )
  })

  it('are told apart by when they were received, as it was then', () => {
    const receipt = { ...RECEIPT }
    const kept = new Kept(receipt)
    receipt.stops++
    expect([kept.isOf(RECEIPT), kept.isOf(receipt), kept.isOf({ ...RECEIPT, ms: 13 })]).toEqual([true, false, false])
  })

  it('take little memory, however small they are: not 4 MB for 64 KB', () => {
    const message = Buffer.from('A\n\n')
    const many = () => {
      const kept = new Kept(RECEIPT)
      for (let bytes = 0; bytes < MAX_AHEAD_BYTES; bytes += message.length) kept.add(message, 0, message.length)
      return kept
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    const all = Array.from({ length: 50 }, many)
    const after = process.memoryUsage()
    const each = (after.heapUsed + after.arrayBuffers - heapUsed - arrayBuffers) / all.length
    expect(all.every(({ isEmpty }) => !isEmpty)).toBe(true)
    // With what the growing of buffers and arrays leaves behind.
    expect(each).toBeLessThan(1024 * 1024)
  })
})
