import { describe, expect, expectTypeOf, it } from 'vitest'
import type { TopicEvent } from '../../src/client/events.ts'
import { linkEvent, loopOver, operationEvent, startFlight, startPlayed, telemetryEvent } from '../support/events.ts'
import { until } from '../support/until.ts'

const ANY_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

describe('the events of a server', () => {
  it('come typed: telemetry at its rate', async () => {
    const { clock, client } = await startFlight()
    await client.changecolor({ r: 1, g: 2, b: 3 })
    const events = client.subscribe('TELEMETRY', { rate: 50 })
    const first = events.next()
    await client.ping()
    clock.advance(0)
    const { value } = await first
    expect(value).toEqual({
      ...{ name: 'TELEMETRY', eventSeq: 1, time: ANY_TIME, uptime: 0, drone: 'sim', state: 'hovering' },
      ...{ x: 0, y: 0, z: 0, heading: 0, battery: 100, r: 1, g: 2, b: 3, text: undefined, dropped: undefined },
    })
    const second = events.next()
    clock.advance(20)
    const event = (await second).value
    expect(event).toMatchObject({ name: 'TELEMETRY', uptime: 20 })
    expectTypeOf<TopicEvent<'TELEMETRY'>>().toMatchObjectType<{ readonly name: 'TELEMETRY'; readonly x: number }>()
    expectTypeOf(event).toEqualTypeOf<TopicEvent<'TELEMETRY'> | undefined>()
    await client.close()
  })

  it('come typed: operations, told apart by their names', async () => {
    const { clock, client } = await startFlight()
    const events = client.subscribe('OPS')
    await client.move({ x: 100, y: 0, speed: 100 })
    await client.move({ x: 0, y: 50, speed: 50 })
    clock.advance(1000)
    const seen: string[] = []
    for await (const event of events) {
      seen.push(`${event.name} ${event.op} ${event.command} ${event.x} ${event.y}`)
      if (event.name === 'FAILED') expectTypeOf(event.code).toEqualTypeOf<string>()
      if (event.name === 'ARRIVED') break
    }
    expect(seen).toEqual(['STARTED 1 MOVE 100 0', 'CANCELLED 1 MOVE 0 0', 'STARTED 2 MOVE 0 50', 'ARRIVED 2 MOVE 0 50'])
    await client.close()
  })

  it('come typed: the link to the drone', async () => {
    const { drone, client } = await startFlight()
    const events = client.subscribe('LINK')
    await client.ping()
    drone.setLink('lost')
    drone.setLink('regained')
    expect((await events.next()).value).toMatchObject({ name: 'LINK', state: 'lost' })
    expect((await events.next()).value).toMatchObject({ name: 'LINK', state: 'regained' })
    await client.close()
  })

  it('do not compile with a topic that there is none of', async () => {
    const { client } = await startFlight()
    // @ts-expect-error: there is no such topic
    const { error } = await loopOver(client.subscribe('WEATHER'))
    expect(error).toMatchObject({ code: 'BAD_ARGUMENT', retrySafe: true })
    await client.close()
  })
})

describe('a loop over events', () => {
  it('unsubscribes when it is left, and not before the last loop of its topic is', async () => {
    const { server, client, agree } = await startPlayed()
    const first = client.subscribe('LINK')
    await agree('SUBSCRIBE')
    const second = client.subscribe('LINK')
    await until(() => server.received.split('SUBSCRIBE').length === 3)
    await agree('SUBSCRIBE')
    const left = (async () => {
      for await (const event of first) return event.state
      return undefined
    })()
    server.say(linkEvent('lost'))
    expect(await left).toBe('lost')
    const ping = client.ping()
    await agree('PING')
    await ping
    expect(server.received).not.toContain('UNSUBSCRIBE')
    expect((await second.next()).value).toMatchObject({ state: 'lost' })
    await second.return()
    expect(await second.next()).toEqual({ done: true, value: undefined })
    await agree('UNSUBSCRIBE')
    expect(server.received).toMatch(/UNSUBSCRIBE\r\nTopic: LINK\r\n/)
    client.destroy()
  })

  it('is given nothing of other topics, nor what it does not know', async () => {
    const { server, client, agree } = await startPlayed()
    const events = client.subscribe('LINK')
    await agree('SUBSCRIBE')
    server.say(`EVENT WEATHER\r\nWind: 3\r\n\r\n${telemetryEvent(1)}${linkEvent('lost')}`)
    expect((await events.next()).value).toMatchObject({ name: 'LINK', state: 'lost' })
    client.destroy()
  })

  it('gets of telemetry that nobody took the latest alone, and of all else every event', async () => {
    const { server, client, agree } = await startPlayed()
    const telemetry = client.subscribe('TELEMETRY')
    await agree('SUBSCRIBE')
    const link = client.subscribe('LINK')
    await until(() => server.received.includes('LINK'))
    await agree('SUBSCRIBE')
    for (let x = 1; x <= 100; x++) server.say(telemetryEvent(x) + linkEvent('lost', x))
    server.say(`${linkEvent('the last', 101)}`)
    const states: unknown[] = []
    for await (const { eventSeq, state } of link) {
      states.push(eventSeq)
      if (state === 'the last') break
    }
    expect(states).toEqual(Array.from({ length: 101 }, (_, index) => index + 1))
    expect((await telemetry.next()).value).toMatchObject({ x: 100 })
    client.destroy()
  })

  it('is told how much was left out', async () => {
    const { server, client, agree } = await startPlayed()
    const events = client.subscribe('LINK')
    await agree('SUBSCRIBE')
    server.say(operationEvent('LINK', 'State: lost\r\nDropped: 7\r\n'))
    expect((await events.next()).value).toMatchObject({ dropped: 7 })
    client.destroy()
  })

  it('may wait in two places at once, each of which gets an event', async () => {
    const { server, client, agree } = await startPlayed()
    const events = client.subscribe('LINK')
    await agree('SUBSCRIBE')
    const both = Promise.all([events.next(), events.next()])
    server.say(linkEvent('lost', 1) + linkEvent('regained', 2))
    expect((await both).map(({ value }) => value?.state).sort()).toEqual(['lost', 'regained'])
    client.destroy()
  })

  it('ends with an error where so much waits that nobody will take it', async () => {
    const { server, client, agree } = await startPlayed()
    const events = client.subscribe('LINK')
    await agree('SUBSCRIBE')
    const ping = client.ping()
    server.say(linkEvent('lost').repeat(10_001))
    await agree('PING')
    await ping
    const { taken, error } = await loopOver(events)
    expect(taken).toHaveLength(10_000)
    expect(error).toMatchObject({ code: 'SLOW_CONSUMER' })
    client.destroy()
  })

  it('is given nothing from behind a gap', async () => {
    const { server, client, agree } = await startPlayed()
    const events = client.subscribe('LINK')
    await agree('SUBSCRIBE')
    const told = async (text: string, command: string) => {
      const answer = client.request(command)
      server.say(text)
      await agree(command)
      await answer
    }
    await told(linkEvent('lost').repeat(10_001), 'PING')
    for (let count = 1; count <= 10; count++) await events.next()
    await told(linkEvent('regained'), 'HELP')
    const { taken, error } = await loopOver(events)
    expect(taken.filter(({ state }) => state === 'regained')).toEqual([])
    expect(error).toMatchObject({ code: 'SLOW_CONSUMER' })
    client.destroy()
  })
})
