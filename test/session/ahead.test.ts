import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_AHEAD_BYTES } from '../../src/session/ahead.ts'
import { StopLane } from '../../src/session/stop-lane.ts'
import { Failure } from '../../src/wire/failure.ts'
import { chunkings } from '../support/chunkings.ts'
import { cut } from '../support/cuttings.ts'
import { numbered, SessionRig, type SessionRigOptions } from '../support/session-rig.ts'
import { versioned } from '../wires/support/versioned-client.ts'

function greeted(options?: SessionRigOptions): SessionRig {
  const rig = new SessionRig(options)
  rig.say('HELLO\n\n')
  return rig
}

/** A session that waits, with all else behind that. */
function waiting(options?: SessionRigOptions): SessionRig {
  const rig = greeted(options)
  rig.say('WAIT\nId: w\n\n')
  return rig
}

const CANCELLED = new Failure('CANCELLED')

describe('what comes while a command is awaited', () => {
  it('is answered behind it, in its order', () => {
    const rig = waiting()
    rig.say(numbered('PING', 'MOVE 1 2', 'WRITE a', 'PING'))
    expect(rig.ran).toEqual(['HELLO', 'WAIT'])
    rig.settle()
    expect(rig.replies).toEqual(['AUTH_OK', 'ARRIVED #w', 'PONG #1', 'MOVING_TO #2', 'WRITTEN #3', 'PONG #4'])
  })

  it('is answered behind a further command that is awaited, too', () => {
    const rig = waiting()
    rig.say(numbered('PING', 'WAIT', 'PING', 'WAIT'), 'PING\nId: 5\n\n')
    rig.settle()
    expect(rig.replies.slice(2)).toEqual(['PONG #1'])
    rig.say('PING\nId: 6\n\n')
    rig.settle()
    rig.settle()
    expect(rig.replies.slice(3)).toEqual(['ARRIVED #2', 'PONG #3', 'ARRIVED #4', 'PONG #5', 'PONG #6'])
  })

  it('may have mistakes in it, which are told in their turn', () => {
    const rig = waiting()
    rig.say(numbered('MOVE 1', 'FLY', 'PING\nNo colon', 'HELLO', 'STOP 1', 'PING'), 'PING\nId: bad id\n\n')
    rig.settle()
    const told = ['MISSING_ARGUMENT #1', 'UNKNOWN_COMMAND #2', 'PARSE #3', 'WRONG_STATE #4', 'TOO_MANY_ARGUMENTS #5']
    expect(rig.replies.slice(2)).toEqual([...told, 'PONG #6', 'BAD_ARGUMENT'])
    expect(rig.ran).toEqual(['HELLO', 'WAIT', 'PING'])
  })

  it.each([
    { what: 'a NUL', fatal: 'PING\0\n\n', code: 'PARSE' },
    { what: 'a lone CR', fatal: 'PING\rX\n\n', code: 'PARSE' },
    { what: 'what is no UTF-8', fatal: Buffer.from('WRITE \xff\n\n', 'latin1'), code: 'INVALID_UTF8' },
    { what: 'a message beyond the cap', fatal: `WRITE ${'x'.repeat(8192)}\n\n`, code: 'MESSAGE_TOO_BIG' },
  ])('ends with $what: nothing that follows is run, not even of the stop lane', ({ fatal, code }) => {
    const rig = waiting()
    rig.say(numbered('PING'), fatal, 'STOP\n\n')
    expect(rig.session.state).toBe('Authenticated')
    rig.settle()
    expect(rig.replies.slice(2)).toEqual(['PONG #1', code])
    expect(rig.ran).toEqual(['HELLO', 'WAIT', 'PING'])
    expect(rig.session.closeReason).toBe(code)
  })

  it('ends with QUIT: nothing that follows is run but the stop lane, which has not been told that it is over', () => {
    const rig = waiting()
    rig.say(`${numbered('PING', 'QUIT')}WRITE a\n\nSTOP\n\n`)
    rig.say('LAND\n\n')
    expect(rig.ran).toEqual(['HELLO', 'WAIT', 'STOP', 'LAND'])
    rig.settle()
    expect(rig.replies.slice(2)).toEqual(['PONG #1', 'BYE #2'])
    expect(rig.ran).not.toContain('WRITE')
  })

  it.each(['GET / HTTP/1.1\nHost: a\n\n', 'MOVE /a HTTP/1.1\nHost: a\n\n', 'GET / HTTP/1.1\nno colon\n\n'])(
    'ends with a request of HTTP, whose body is not run (F8): %j',
    (request) => {
      const rig = waiting()
      rig.say(`${numbered('PING')}${request}STOP\n\n`, 'STOP\n\n')
      expect(rig.ran).not.toContain('STOP')
      rig.settle()
      expect(rig.replies.slice(2)).toEqual(['PONG #1'])
      expect(rig.strangers).toEqual(['HTTP'])
    },
  )

  it.each([
    { how: 'between messages', last: '', replies: [] },
    { how: 'within a message', last: 'MOVE 1', replies: ['INCOMPLETE'] },
  ])('is answered also where the input has ended $how', ({ last, replies }) => {
    const rig = waiting()
    rig.say(`${numbered('PING', 'STOP')}${last}`)
    rig.end()
    expect(rig.session.state).toBe('Authenticated')
    rig.settle()
    expect(rig.replies.slice(2)).toEqual(['PONG #1', 'STOPPED #2', ...replies])
    expect(rig.progress).toBe('closed')
  })

  it('is not looked at before HELLO has succeeded', () => {
    const rig = new SessionRig()
    expect(rig.session.lookAhead()).toBe(false)
    rig.say('STOP\n\n')
    expect(rig.ran).toEqual([])
    expect(rig.replies).toEqual(['EXPECTED_HANDSHAKE'])
  })
})

describe('a command of the stop lane', () => {
  it.each([
    { command: 'STOP', reply: 'STOPPED' },
    { command: 'LAND', reply: 'LANDING' },
    { command: 'EMERGENCY sim', reply: 'MOTORS_OFF' },
    { command: 'emergency\nDrone: sim', reply: 'MOTORS_OFF' },
  ])('runs as soon as it has come, and is answered in its place: $command', ({ command, reply }) => {
    const rig = waiting()
    rig.say(numbered('PING', 'MOVE 1 2', command, 'MOVE 3 4', 'PING'))
    const name = command.split(/\s/)[0]?.toUpperCase()
    expect(rig.ran).toEqual(['HELLO', 'WAIT', name])
    expect(rig.replies).toEqual(['AUTH_OK'])
    rig.settle(CANCELLED)
    const inOrder = ['PONG #1', 'CANCELLED #2', `${reply} #3`, 'MOVING_TO #4', 'PONG #5']
    expect(rig.replies.slice(1)).toEqual(['CANCELLED #w', ...inOrder])
    expect(rig.ran.slice(3)).toEqual(['PING', 'MOVE', 'PING'])
  })

  it('cancels all motion that had come before it, and nothing else', () => {
    const rig = waiting()
    rig.say(numbered('MOVE 1 2', 'TAKEOFF', 'WRITE a', 'STOP', 'MOVE 1 2', 'STOP', 'MOVE 3 4'))
    rig.settle()
    const first = ['CANCELLED #1', 'CANCELLED #2', 'WRITTEN #3', 'STOPPED #4']
    expect(rig.replies.slice(2)).toEqual([...first, 'CANCELLED #5', 'STOPPED #6', 'MOVING_TO #7'])
  })

  it('cancels the motion that waits in other sessions, and not what comes to them later', () => {
    const stopLane = new StopLane()
    const [one, other] = [waiting({ stopLane }), greeted({ stopLane })]
    one.say(numbered('MOVE 1 2', 'PING'))
    other.say('STOP\nId: s\n\n')
    one.say('MOVE 3 4\nId: 3\n\n')
    one.settle()
    expect(one.replies.slice(2)).toEqual(['CANCELLED #1', 'PONG #2', 'MOVING_TO #3'])
    other.say('MOVE 5 6\nId: m\n\n')
    expect(other.replies.slice(1)).toEqual(['STOPPED #s', 'MOVING_TO #m'])
  })

  it('cancels what stands further back than is read ahead', () => {
    const stopLane = new StopLane()
    const [one, other] = [waiting({ stopLane }), greeted({ stopLane })]
    one.say(
      Buffer.from(
        `${'PING\n\n'.repeat(MAX_AHEAD_BYTES / 6 + 1)}WAIT\n\n${numbered('MOVE 1 2', 'MOVE 3 4', 'MOVE 5 6')}`,
      ),
    )
    other.say('STOP\n\n')
    one.settle()
    one.settle()
    expect(one.replies.slice(-3)).toEqual(['CANCELLED #1', 'CANCELLED #2', 'CANCELLED #3'])
  })

  it('cancels what came before it in another session, also behind a command of that one’s own stop lane', () => {
    const stopLane = new StopLane()
    const other = greeted({ stopLane })
    const one = greeted({ stopLane, betweenTurns: () => other.say('STOP\n\n') })
    one.say(`${'PING\n\n'.repeat(2000)}STOP\nId: 1\n\nMOVE 1 2\nId: 2\n\n`)
    expect(one.replies.slice(-2)).toEqual(['STOPPED #1', 'CANCELLED #2'])
  })

  it('cancels nothing where it only waits for the reply to another that had its Key', () => {
    const stopLane = new StopLane()
    const [one, other] = [waiting({ stopLane }), greeted({ stopLane, hasRun: false })]
    one.say(numbered('MOVE 1 2'))
    other.say('LAND\nWait: yes\nKey: k\n\n')
    one.settle()
    expect(one.replies.at(-1)).toBe('MOVING_TO #1')
  })

  it('stops nothing where there is a mistake in it', () => {
    const rig = waiting()
    rig.say(numbered('MOVE 1 2', 'STOP\nX: 1', 'EMERGENCY', 'LAND 1'))
    rig.settle()
    const refused = ['UNKNOWN_HEADER #2', 'MISSING_ARGUMENT #3', 'TOO_MANY_ARGUMENTS #4']
    expect(rig.replies.slice(2)).toEqual(['MOVING_TO #1', ...refused])
  })

  it('cancels what waits also where the drone could not be told', () => {
    const rig = waiting({ stopFailure: new Failure('LINK_LOST') })
    rig.say(numbered('MOVE 1 2', 'STOP', 'MOVE 3 4'))
    rig.settle()
    expect(rig.replies.slice(2)).toEqual(['CANCELLED #1', 'LINK_LOST #2', 'MOVING_TO #3'])
  })

  it.each([{ when: 'before its turn' }, { when: 'after its turn' }])('may itself be done later: $when', ({ when }) => {
    const rig = waiting()
    rig.say(numbered('LAND\nWait: yes', 'PING'))
    if (when === 'before its turn') {
      rig.settleLast({ op: 3 })
      expect(rig.replies).toEqual(['AUTH_OK'])
      rig.settle()
    } else {
      rig.settle()
      expect(rig.replies.slice(1)).toEqual(['ARRIVED #w'])
      rig.settle({ op: 3 })
    }
    expect(rig.replies.slice(1)).toEqual(['ARRIVED #w', 'LANDING #1', 'PONG #2'])
    expect(rig.ran.filter((name) => name === 'LAND')).toHaveLength(1)
  })

  it('is found however the bytes are cut', () => {
    const input = Buffer.from(numbered('MOVE 1 2', 'STOP', 'MOVE 3 4', 'PING').replaceAll('\n', '\r\n'))
    for (const chunks of chunkings(input)) {
      const rig = waiting()
      rig.say(...chunks)
      expect(rig.ran).toEqual(['HELLO', 'WAIT', 'STOP'])
      rig.settle()
      expect(rig.replies.slice(2)).toEqual(['CANCELLED #1', 'STOPPED #2', 'MOVING_TO #3', 'PONG #4'])
    }
  })
})

describe('the bound of what is read ahead', () => {
  const block = `PING\nNote: ${'x'.repeat(1000)}\n\n`
  const blocks = Math.ceil(MAX_AHEAD_BYTES / block.length)

  it('ends the reading, and what stands behind it is read and answered in its turn', () => {
    const rig = waiting()
    rig.say(block.repeat(blocks - 1))
    expect(rig.wantsMore).toBe(true)
    rig.say(`${block}STOP\nId: late\n\n`)
    expect(rig.wantsMore).toBe(false)
    expect(rig.ran).not.toContain('STOP')
    rig.settle()
    expect(rig.replies.slice(2)).toEqual([...Array<string>(blocks).fill('PONG'), 'STOPPED #late'])
  })

  it('has room again for as much as was answered', () => {
    const rig = waiting()
    rig.say(numbered('WAIT'), block.repeat(blocks))
    expect(rig.wantsMore).toBe(false)
    rig.settle()
    expect(rig.wantsMore).toBe(false)
    rig.settle()
    expect(rig.replies).toHaveLength(3 + blocks)
    rig.say('WAIT\n\n', 'STOP\n\n')
    expect(rig.wantsMore).toBe(true)
    expect(rig.ran.at(-1)).toBe('STOP')
  })

  it('leaves room for a STOP behind the second of two WAITs, once what stood between them is answered', () => {
    const rig = waiting()
    const long = block.repeat(blocks - 2)
    rig.say(`${long}WAIT\nId: w2\n\n${'PING\n\n'.repeat(10)}`)
    rig.settle()
    rig.say(long, 'STOP\n\n')
    expect(rig.ran.at(-1)).toBe('STOP')
  })

  it('holds for mistakes, too', () => {
    const rig = waiting()
    rig.say('?\n\n'.repeat(MAX_AHEAD_BYTES))
    expect(rig.wantsMore).toBe(false)
    rig.settle()
    expect(rig.replies).toHaveLength(2 + 10)
    expect(rig.session.closeReason).toBe('TOO_MANY_ERRORS')
  })
})

describe('the end of the server', () => {
  it('is told in place of the answer that is awaited; a STOP that came is run, and no motion', () => {
    const rig = waiting()
    rig.say(numbered('MOVE 1 2', 'STOP', 'MOVE 3 4'))
    rig.drain()
    expect(rig.replies).toEqual(['AUTH_OK', 'SHUTTING_DOWN'])
    expect(rig.ran).toEqual(['HELLO', 'WAIT', 'STOP'])
  })

  it('leaves the stop lane open, and nothing else', () => {
    const rig = waiting()
    rig.drain()
    rig.say('MOVE 1 2\n\nST', 'OP\n\nPING\n\n', 'LAND\n\n')
    expect(rig.ran).toEqual(['HELLO', 'WAIT', 'STOP', 'LAND'])
    expect(rig.replies).toEqual(['AUTH_OK', 'SHUTTING_DOWN'])
  })

  it('leaves the stop lane open behind any amount of what is not run', () => {
    const rig = waiting()
    const flood = 'MOVE 1 2\n\n'.repeat(MAX_AHEAD_BYTES / 4)
    rig.say(flood)
    rig.drain()
    rig.say(flood, `${flood}STOP\n\n`, 'LAND\n\n')
    expect(rig.ran).toEqual(['HELLO', 'WAIT', 'STOP', 'LAND'])
  })

  it('keeps nothing of what it runs then', () => {
    const rig = waiting()
    rig.drain()
    rig.say('STOP\n\n'.repeat(10_000))
    expect(rig.ran).toHaveLength(10_002)
    expect(rig.session.voice.ranAhead).toHaveLength(0)
  })

  it('keeps it shut for one who has not said HELLO, or is gone for another reason', () => {
    const stranger = new SessionRig()
    stranger.drain()
    stranger.say('STOP\n\n')
    const leaver = greeted()
    leaver.say('QUIT\n\n', 'STOP\n\n')
    expect([...stranger.ran, ...leaver.ran]).not.toContain('STOP')
  })
})

describe('any list of commands', () => {
  const REPLIES = new Map([
    ['PING', 'PONG'],
    ['WAIT', 'ARRIVED'],
    ['STOP', 'STOPPED'],
    ['LAND', 'LANDING'],
    ['WRITE a', 'WRITTEN'],
    ['FLY', 'UNKNOWN_COMMAND'],
    ['MOVE 1', 'MISSING_ARGUMENT'],
    ['PING\nNo colon', 'PARSE'],
    ['MOVE 1 2', 'MOVING_TO'],
  ])
  const list = fc
    .array(fc.constantFrom(...REPLIES.keys()), { maxLength: 40 })
    .filter((commands) => commands.filter((command) => /FLY|^MOVE 1$|colon/.test(command)).length < 10)

  it.each(['text', 'versioned'] as const)('has one reply each, in order, however it is cut: %s wire', (wire) => {
    fc.assert(
      fc.property(list, fc.array(fc.nat({ max: 1500 }), { maxLength: 8 }), (commands, places) => {
        const rig = greetedOn(wire)
        const bytes = Buffer.concat(commands.map((command, index) => encoded(wire, `${command}\nId: ${index}`)))
        rig.say(
          ...cut(
            bytes,
            [...new Set(places)].sort((a, b) => a - b),
          ),
        )
        const firstWait = commands.indexOf('WAIT')
        const isCancelled = (at: number) =>
          firstWait >= 0 && at > firstWait && commands.slice(at).some((later) => /^(STOP|LAND)$/.test(later))
        // The stop lane has run by now, whatever stands before it.
        const urgent = commands.filter((command) => /^(STOP|LAND)$/.test(command))
        expect(rig.ran.filter((name) => /^(STOP|LAND)$/.test(name))).toEqual(urgent)
        while (rig.settle());
        const wanted = commands.map((command, index) => {
          const code = command === 'MOVE 1 2' && isCancelled(index) ? 'CANCELLED' : REPLIES.get(command)
          return `${code} #${index}`
        })
        expect(rig.replies.slice(1)).toEqual(wanted)
        rig.end()
        expect(rig.progress).toBe('closed')
      }),
    )
  })
})

function greetedOn(wire: 'text' | 'versioned'): SessionRig {
  const rig = new SessionRig({ wire })
  rig.say(encoded(wire, 'HELLO'))
  return rig
}

function encoded(wire: 'text' | 'versioned', content: string): Buffer {
  return wire === 'text' ? Buffer.from(`${content}\n\n`) : versioned(content)
}
