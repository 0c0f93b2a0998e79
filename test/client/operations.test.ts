import { describe, expect, expectTypeOf, it, vi } from 'vitest'
import { connect } from '../../src/client/client.ts'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { Server } from '../../src/server/server.ts'
import { asking, event, moved, startFlight } from '../support/asked-operations.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { fakeServer, idOf } from '../support/fake-server.ts'
import { until } from '../support/until.ts'

describe('an operation', () => {
  it('is accepted with its number, and done when the drone is there', async () => {
    const { clock, client } = await startFlight({ landed: true })
    const takeoff = await client.takeoff()
    expect(takeoff).toEqual({ z: 100, op: 1 })
    expectTypeOf(takeoff.done).toEqualTypeOf<Promise<{ readonly x: number; readonly y: number; readonly z: number }>>()
    const { end } = await asking(takeoff, clock)
    clock.advance(1000)
    expect(await end).toEqual({ value: { x: 0, y: 0, z: 100 }, error: undefined })
    await client.close()
  })

  it('is done at once where it was before anybody asked, also twice', async () => {
    const { clock, client } = await startFlight()
    const move = await client.move({ x: 10, y: 0, speed: 1000 })
    clock.advance(10)
    await client.ping()
    expect(await move.done).toEqual({ x: 10, y: 0, z: 0 })
    expect(move.done).toBe(move.done)
    await client.close()
  })

  it('is not done when another one is', async () => {
    const { clock, client, address } = await startFlight()
    const other = await connect(address)
    const first = await client.move({ x: 100, y: 0 })
    const { end } = await asking(first, clock)
    clock.advance(5)
    const second = await other.move({ x: 0, y: 10, speed: 1000 })
    expect((await end).error).toMatchObject({ code: 'CANCELLED', retrySafe: false })
    // Each session numbers its own.
    expect([first.op, second.op]).toEqual([1, 1])
    await Promise.all([client.close(), other.close()])
  })

  it('is CANCELLED by a stop, and tells so also afterwards', async () => {
    const { clock, client } = await startFlight()
    const asked = await client.move({ x: 100, y: 0 })
    const { end } = await asking(asked, clock)
    clock.advance(5)
    expect(await client.stop()).toMatchObject({ y: 0, z: 0 })
    expect((await end).error).toMatchObject({ code: 'CANCELLED', retrySafe: false })
    const late = await client.move({ x: 100, y: 0 })
    await client.stop()
    await expect(late.done).rejects.toMatchObject({ code: 'CANCELLED' })
    await client.close()
  })

  it('of which nobody takes the outcome, or takes it too late, harms nobody', async () => {
    const unhandled = vi.fn()
    process.once('unhandledRejection', unhandled)
    const { client } = await startFlight()
    const move = await client.move({ x: 100, y: 0 })
    await client.stop()
    const { done } = move
    await client.land()
    await client.ping()
    await new Promise((resolve) => setImmediate(resolve))
    await expect(done).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(unhandled).not.toHaveBeenCalled()
    process.off('unhandledRejection', unhandled)
    await client.close()
  })

  it('is answered when it is done, where that is what was asked for', async () => {
    const { clock, client } = await startFlight()
    const reply = client.move({ x: 10, y: 0, speed: 1000, wait: 'yes' })
    await until(() => clock.timers > 0)
    clock.advance(10)
    expect(await reply).toMatchObject({ x: 10, y: 0, op: 1 })
    expect(await client.wait({ op: 1 })).toEqual({ x: 10, y: 0, z: 0 })
    await client.close()
  })

  it('that is refused has no outcome', async () => {
    const { client } = await startFlight({ landed: true })
    await expect(client.move({ x: 1, y: 1 })).rejects.toMatchObject({ code: 'NOT_FLYING', retrySafe: true })
    await expect(client.wait({ op: 1 })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
    await client.close()
  })
})

describe('an operation, with a server that is played by hand', () => {
  it('asks for its number, and goes by the events of that number alone', async () => {
    const { server, client, done, notYet } = await moved()
    expect(server.received).toMatch(/WAIT\r\n(?:Timeout: 1\r\nOp: 7|Op: 7\r\nTimeout: 1)\r\n/)
    notYet()
    server.say(event('STARTED', 7) + event('ARRIVED', 6) + event('CANCELLED', 8) + event('ARRIVED', 7))
    expect(await done).toEqual({ x: 3, y: 4, z: 5 })
    await server.hears('UNSUBSCRIBE')
    client.destroy()
  })

  it('takes an event that overtakes the answer to its question', async () => {
    const { server, client, done, notYet } = await moved()
    server.say(event('ARRIVED', 7))
    notYet()
    expect(await done).toEqual({ x: 3, y: 4, z: 5 })
    client.destroy()
  })

  it('fails with the code and the reason of the server', async () => {
    const { server, client, done, notYet } = await moved()
    notYet()
    server.say(event('FAILED', 7, 'Code: LINK_LOST\r\nReason: too far\r\n'))
    await expect(done).rejects.toMatchObject({ code: 'LINK_LOST', message: expect.stringContaining('too far') })
    client.destroy()
  })

  it('fails with what the question is answered with', async () => {
    const { client, done, answer } = await moved()
    answer('ERR CANCELLED\r\nReason: gone\r\nFatal: no\r\nOp: 7\r\n')
    await expect(done).rejects.toMatchObject({ code: 'CANCELLED' })
    client.destroy()
  })

  it.each([false, { minDelayMs: 1 }])('fails with its connection, where reconnect is %j', async (reconnect) => {
    const { server, client, done, notYet } = await moved({ reconnect })
    notYet()
    const failed = expect(done).rejects.toMatchObject({ code: 'CONNECTION_CLOSED', retrySafe: false })
    server.sockets[0]?.resetAndDestroy()
    await failed
    client.destroy()
  })

  it('has no outcome where the server numbers none', async () => {
    const server = await fakeServer()
    const client = await connect({ port: server.port })
    const move = client.move({ x: 1, y: 2 })
    await server.hears('MOVE')
    server.say(`OK MOVING_TO(1, 2)\r\nX: 1\r\nY: 2\r\nId: ${idOf(server.received)}\r\n\r\n`)
    await expect((await move).done).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    client.destroy()
  })
})

it('an operation is CANCELLED when the server ends, or at least over', async () => {
  const clock = new FakeClock()
  const server = new Server({ clock, drone: new SimulatedDrone(clock) })
  const { port } = (await server.listen({ host: '127.0.0.1', port: 0 })) as { port: number }
  const client = await connect({ port })
  const move = await client.move({ x: 100, y: 0 })
  const { done } = move
  const failed = expect(done).rejects.toMatchObject({
    code: expect.stringMatching(/^(SHUTTING_DOWN|CONNECTION_CLOSED)$/),
  })
  const ended = server.close()
  await failed
  await client.closed
  clock.advance(10_000)
  await ended
})
