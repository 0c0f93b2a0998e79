import { expect } from 'vitest'
import { runSkyline, serveSkyline } from '../support/run-skyline.ts'
import { talk } from '../support/talk.ts'
import { item, scale } from './item.ts'

const TOKEN = 's3cret-T0ken'

item(
  51,
  'the token is in no log, no reply and no command line, wherever a client may have typed it (R4)',
  async (row) => {
    let [lines, bytes] = [0, 0]
    for (const level of ['trace', 'info']) {
      const { program, address } = await serveSkyline(['--log-level', level], { SKYLINE_TOKEN: TOKEN })
      const places = [
        ...[`Token: ${TOKEN}`, `Token ${TOKEN}`, TOKEN, `MOVE ${TOKEN} 1`, `PING\n${TOKEN}: 1`, `PING\nId: ${TOKEN}!`],
        ...[
          `HELP ${TOKEN}`,
          `WRITE ${TOKEN}\x1b`,
          `WAIT ${TOKEN}`,
          `PING\n ${TOKEN}`,
          `HELLO\nClient: ${TOKEN}\nVersion: 2`,
        ],
        ...[`HELLO\nTokne: ${TOKEN}`, `HELLO ${TOKEN}\nToken: ${TOKEN}`, `HELLO\nToken: ${TOKEN}\nToken: ${TOKEN}`],
        ...[`GET /${TOKEN} HTTP/1.1`, `${TOKEN}\0`, `${TOKEN}\xff`],
      ]
      const scripts = places.flatMap((place) => [
        `${place}\n\n`,
        `HELLO\nToken: ${TOKEN}\nClient: ${TOKEN}\n\n${place}\n\n`,
        place,
      ])
      for (const script of scripts) {
        const answer = String(await talk(address, [Buffer.from(script, 'latin1')]))
        bytes += answer.length
        // Whoever types it as a name, or has said HELLO with it, is told what was typed (R4).
        const isName = script.startsWith(TOKEN) || script.startsWith(`PING\n${TOKEN}`) || script.includes('Client: s3c')
        if (!isName) expect(answer).not.toContain(TOKEN)
      }
      program.child.kill('SIGTERM')
      const { stderr, stdout } = await program.exit
      expect(stderr).toContain('connection closed')
      expect(stderr + stdout).not.toContain(TOKEN)
      expect(program.child.spawnargs.join(' ')).not.toContain(TOKEN)
      lines += stderr.split('\n').length
    }
    row.figure = `${lines} lines of log, ${bytes} bytes of replies`
    row.limit = '0 times'
  },
)

item(
  52,
  'without a token no address but loopback is listened at: exit code 2 before anything is (section 5)',
  async (row) => {
    const places = ['0.0.0.0:0', 'framed://0.0.0.0:0', 'versioned://0.0.0.0:0', '[::]:0']
    const lists = [['--listen', '127.0.0.1:0', '--listen', '0.0.0.0:0'], ...places.map((place) => ['--listen', place])]
    for (const args of lists) {
      const { code, stderr } = await runSkyline(['serve', '--log-level', 'warn', ...args]).exit
      expect({ args, code, lines: stderr.trimEnd().split('\n').length }).toEqual({ args, code: 2, lines: 1 })
      expect(stderr).toMatch(/^skyline: \S+ is not loopback: give a token/)
    }
    row.figure = `${scale(lists.length, 3)} refused`
    row.limit = 'exit code 2'
  },
)
