import { expect, it, vi } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { serveSkyline } from '../support/run-skyline.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

it.each(['SIGTERM', 'SIGINT'] as const)(
  'ends at %s with exit code 0, and tells its clients SHUTTING_DOWN',
  async (signal) => {
    const { program, address } = await serveSkyline()
    const idle = await Pilot.dial(address)
    const waiting = await Pilot.dial(address)
    await idle.until('\r\n\r\n')
    await waiting.ask('HELLO\n\nMOVE 100000 0\n\nWAIT\n\n', 'MOVING_TO')
    program.child.kill(signal)
    for (const pilot of [idle, waiting]) {
      await pilot.ended
      expect(pilot.replies.at(-1)).toBe('ERR SHUTTING_DOWN')
      pilot.socket.end()
    }
    const { code, signal: killedBy, stderr } = await program.exit
    expect({ code, killedBy }).toEqual({ code: 0, killedBy: null })
    const lines = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.filter(({ msg, reason }) => msg === 'connection closed' && reason === 'SHUTTING_DOWN')).toHaveLength(2)
  },
)

it('ends at a signal with exit code 0 where nobody is connected', async () => {
  const { program, address } = await serveSkyline()
  // Once it has greeted somebody it is past its start.
  const pilot = await Pilot.dial(address)
  pilot.socket.end()
  await pilot.ended
  program.child.kill('SIGTERM')
  expect(await program.exit).toMatchObject({ code: 0, signal: null })
})

it('ends at once with exit code 1 at a second signal', async () => {
  const { program, address } = await serveSkyline()
  const deaf = await Pilot.dial(address)
  await deaf.ask('HELP\n\n', 'OK HELP')
  // With replies that nobody takes the server would wait for many seconds.
  deaf.socket.pause()
  deaf.send('HELP\n\n'.repeat(100_000))
  const other = await Pilot.dial(address)
  await other.ask('PING\n\n', 'OK PONG')
  program.child.kill('SIGTERM')
  await until(() => program.stderr.includes('shutting down'))
  program.child.kill('SIGINT')
  const stderr = expect.stringContaining('told again to end')
  expect(await program.exit).toMatchObject({ code: 1, signal: null, stderr })
})
