import type { Program } from './program.ts'

interface Row {
  /** What `skyline --help` says of it. */
  readonly summary: string
  /** Only the program that is asked for is read from the disk, of some 240 files. */
  readonly load: () => Promise<Program>
}

/** The programs that `skyline` is, by name. */
export const PROGRAMS: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['serve', { summary: 'serve skyline/1 over TCP', load: async () => (await import('./serve.ts')).serve }],
  ['send', { summary: 'send one command, and show the reply', load: async () => (await import('./send.ts')).send }],
  [
    'run',
    {
      summary: 'run a script of commands, and show the replies',
      load: async () => (await import('./script/run.ts')).run,
    },
  ],
  ['shell', { summary: 'send commands as they are typed', load: async () => (await import('./shell/shell.ts')).shell }],
  ['watch', { summary: 'look at the drone', load: async () => (await import('./watch.ts')).watch }],
  [
    'record',
    {
      summary: 'record a connection as a transcript',
      load: async () => (await import('./transcript/record.ts')).record,
    },
  ],
  [
    'replay',
    {
      summary: 'play a transcript against a server, and compare the replies',
      load: async () => (await import('./transcript/replay.ts')).replay,
    },
  ],
  [
    'plot',
    { summary: "draw a recorded flight's track as an SVG file", load: async () => (await import('./plot.ts')).plot },
  ],
  [
    'recorder',
    {
      summary: 'verify, show or replay what a flight recorder has',
      load: async () => (await import('./recorder.ts')).recorder,
    },
  ],
  [
    'token',
    {
      summary: 'make, list and remove the tokens of a token file',
      load: async () => (await import('./token-program.ts')).token,
    },
  ],
  [
    'probe',
    {
      summary: 'check that a server keeps to the protocol',
      load: async () => (await import('./probe/probe.ts')).probe,
    },
  ],
])
