import { describe, expect, it } from 'vitest'
import { connect } from '../../src/client/client.ts'
import { asking, event, moved, startFlight } from '../support/asked-operations.ts'
import { until } from '../support/until.ts'

describe('an operation of which a repeated reply tells', () => {
  const OPTIONS = { key: 'leg-1', speed: 1000 } as const

  it('is the one that another connection has begun, and done when that is', async () => {
    const { clock, client, address } = await startFlight()
    await client.move({ x: 10, y: 0, ...OPTIONS })
    const other = await connect(address)
    const repeated = await other.move({ x: 10, y: 0, ...OPTIONS })
    expect(repeated).toEqual({ x: 10, y: 0, op: 1, replayed: true })
    const { end } = await asking(repeated, clock)
    // As an event tells it, which is of another session.
    clock.advance(10)
    expect(await end).toEqual({ value: { x: 10, y: 0, z: 0 }, error: undefined })
    await Promise.all([client.close(), other.close()])
  })

  it('is looked for again each time that one of its number has ended, whosever that was', async () => {
    const { server, client, done, answer, notYet } = await moved({ reply: 'Replayed: yes\r\n', session: 2 })
    const looks = async (count: number) => until(() => server.received.split('WAIT').length === count + 1)
    notYet()
    server.say(event('ARRIVED', 7, 'Session: 1\r\n'))
    await looks(2)
    notYet()
    server.say(event('STARTED', 7, 'Session: 1\r\n') + event('ARRIVED', 6, 'Session: 1\r\n'))
    server.say(event('CANCELLED', 7, 'Session: 2\r\n'))
    await looks(3)
    answer('OK ARRIVED\r\nX: 1\r\nY: 2\r\nZ: 3\r\n')
    expect(await done).toEqual({ x: 1, y: 2, z: 3 })
    client.destroy()
  })

  it('is not to be asked for by a number that another one of this connection has had', async () => {
    const { client, address } = await startFlight()
    await client.move({ x: 10, y: 0, ...OPTIONS })
    const other = await connect(address)
    expect(await other.move({ x: 20, y: 0 })).toMatchObject({ op: 1 })
    const repeated = await other.move({ x: 10, y: 0, ...OPTIONS })
    expect(repeated).toMatchObject({ op: 1, replayed: true })
    await expect(repeated.done).rejects.toMatchObject({ code: 'UNSUPPORTED', retrySafe: false })
    await Promise.all([client.close(), other.close()])
  })

  it('is found where it is its own', async () => {
    const { clock, client } = await startFlight()
    await client.move({ x: 10, y: 0, ...OPTIONS })
    clock.advance(10)
    const repeated = await client.move({ x: 10, y: 0, ...OPTIONS })
    expect(repeated).toMatchObject({ op: 1, replayed: true })
    expect(await repeated.done).toEqual({ x: 10, y: 0, z: 0 })
    await client.close()
  })
})
