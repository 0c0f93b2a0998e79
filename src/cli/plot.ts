import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type ParsedArguments, usageError } from './options.ts'
import { drawTrack } from './plot/draw-track.ts'
import { readTrack } from './plot/read-track.ts'
import { EXIT, type ExitCode, type Program } from './program.ts'
import { cannotBeWritten, claimTranscript, readTranscriptFile, transcriptFiles } from './transcript/transcript-files.ts'

export const plot: Program = {
  name: 'plot',
  usage: '[options] [FILE|-]',
  about: `Draws where the drone was, from above and in altitude, and what became of its operations, as an SVG file. FILE is
what a server sent, as skyline record writes it (NAME or NAME.out), or what skyline watch printed on a pipe; - or none
is standard input. Lines are solid where telemetry has seen the drone, dashed where only replies tell where it went.
Exit code: 0 if it was drawn, 2 for usage and for a file that holds no track.`,
  options: [
    { name: 'out', value: 'FILE', help: 'where to write the picture (default standard output)' },
    { name: 'force', help: 'overwrite a picture that is there already' },
  ],
  maxWords: 1,
  example: 'skyline plot --out square.svg square.out',
  run,
}

const STANDARD_INPUT = '-'

async function run(parsed: ParsedArguments): Promise<ExitCode> {
  const [word = STANDARD_INPUT] = parsed.words
  const out = parsed.options.get('out')
  if (out === '') throw usageError('--out is to be a file, got ""')
  const force = parsed.options.has('force')
  // Before anything is read: what comes from a pipe does not come again.
  if (typeof out === 'string') claimTranscript({ input: out, output: out }, force)
  const file = word === STANDARD_INPUT ? word : fileOf(word)
  const name = word === STANDARD_INPUT ? 'standard input' : file
  const { points, marks, drone, cutOff } = readTrack(
    word === STANDARD_INPUT ? readInput() : readTranscriptFile(file),
    name,
  )
  if (cutOff !== undefined) process.stderr.write(`skyline: ${name}:${cutOff} is cut off, and left out\n`)
  const svg = drawTrack(points, marks, titleOf(drone, word))
  if (typeof out !== 'string') process.stdout.write(svg)
  else write(out, svg, force)
  return EXIT.ok
}

/** The file that was named, or the output half of the transcript that was. */
function fileOf(word: string): string {
  const { output } = transcriptFiles(word)
  return (word.endsWith('.in') || !existsSync(word)) && existsSync(output) ? output : word
}

function readInput(): Uint8Array {
  try {
    return readFileSync(0)
  } catch (error) {
    throw usageError(`standard input cannot be read: ${(error as Error).message}`)
  }
}

function titleOf(drone: string | undefined, word: string): string {
  const track = drone === undefined ? 'Track' : `Track of ${drone}`
  return word === STANDARD_INPUT ? track : `${track}, ${word.replace(/^.*[\\/](?=.)/, '')}`
}

function write(file: string, svg: string, force: boolean): void {
  try {
    writeFileSync(file, svg, { flag: force ? 'w' : 'wx' })
  } catch (error) {
    throw cannotBeWritten(file, error)
  }
}
