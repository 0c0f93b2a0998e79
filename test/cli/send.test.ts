import { describe, expect, it } from 'vitest'
import { toMessage } from '../../src/cli/to-message.ts'
import { runSkyline } from '../support/run-skyline.ts'
import { startServer } from '../support/start-server.ts'

describe('the words of a command line', () => {
  it.each([
    [
      ['MOVE', 'X=10', 'Y=20'],
      {
        command: 'MOVE',
        arguments: [],
        headers: [
          ['X', '10'],
          ['Y', '20'],
        ],
      },
    ],
    [['move', '10', '-20', 'speed=5'], { command: 'move', arguments: ['10', '-20'], headers: [['speed', '5']] }],
    [['MOVE', '10 20'], { command: 'MOVE', arguments: ['10', '20'], headers: [] }],
    [['MOVE', 'Sped=5'], { command: 'MOVE', arguments: [], headers: [['Sped', '5']] }],
    [['WRITE', 'a', 'b=c'], { command: 'WRITE', arguments: [], headers: [['Text', 'a b=c']] }],
    [['WRITE', 'Text=a  b'], { command: 'WRITE', arguments: [], headers: [['Text', 'a  b']] }],
    [['FLY', 'high', 'Note=x=y'], { command: 'FLY', arguments: ['high'], headers: [['Note', 'x=y']] }],
    [['PING'], { command: 'PING', arguments: [], headers: [] }],
  ])('%j are a message', (words, message) => {
    expect(toMessage(words)).toEqual(message)
  })
})

describe('skyline send', () => {
  const send = async (args: readonly string[], environment: NodeJS.ProcessEnv = {}) => {
    const { code, stdout, stderr } = await runSkyline(['send', ...args], environment).exit
    return { code, stdout, stderr }
  }
  const at = ({ host, port }: { host: string; port: number }) => `${host}:${port}`

  it('shows the reply, and exits with 0 for OK', async () => {
    const { address } = await startServer()
    const sent = await send(['--connect', at(address), 'MOVE', 'X=-10', 'Y=20'])
    expect(sent).toEqual({ code: 0, stdout: 'OK MOVING_TO(-10, 20)\nX: -10\nY: 20\nOp: 1\n', stderr: '' })
  })

  it('shows it as JSON for machines', async () => {
    const { address } = await startServer()
    const { stdout } = await send(['--json', 'MOVE', '-5', '7'], { SKYLINE_ADDRESS: at(address) })
    expect(JSON.parse(stdout)).toEqual({
      kind: 'OK',
      summary: 'MOVING_TO(-5, 7)',
      headers: { X: '-5', Y: '7', Op: '1' },
    })
  })

  it('exits with 1 for ERR, and shows it', async () => {
    const { address } = await startServer()
    const { code, stdout } = await send(['--connect', at(address), 'MVOE'])
    expect({ code, first: stdout.split('\n')[0] }).toEqual({ code: 1, first: 'ERR UNKNOWN_COMMAND' })
    expect(stdout).toContain('Hint: did you mean MOVE?\n')
  })

  it('brings the token of the environment, and exits with 1 where it is wrong', async () => {
    const { address } = await startServer({ token: 's3cret' })
    const ping = ['--connect', at(address), 'PING']
    expect(await send(ping, { SKYLINE_TOKEN: 's3cret' })).toMatchObject({ code: 0, stdout: 'OK PONG\n' })
    expect(await send(ping, { SKYLINE_TOKEN: 'wrong' })).toMatchObject({ code: 1 })
  })

  it('exits with 2 for usage', async () => {
    expect(await send([])).toMatchObject({ code: 2, stderr: 'skyline: a command is missing: skyline send COMMAND\n' })
    expect(await send(['--connect', 'nowhere', 'PING'])).toMatchObject({ code: 2 })
    expect(await send(['--jsno', 'PING'])).toMatchObject({ code: 2 })
    expect(await send(['MOVE', 'X=1', 'x=2'])).toMatchObject({ code: 2, stderr: 'skyline: X is given twice\n' })
  })

  it('exits with 3 where there is no connection', async () => {
    const { server, address } = await startServer()
    await server.close()
    const { code, stdout, stderr } = await send(['--connect', at(address), 'PING'])
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toMatch(/^skyline: .*ECONNREFUSED.*\n$/)
  })
})
