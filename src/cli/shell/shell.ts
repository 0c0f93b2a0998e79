import { homedir } from 'node:os'
import type { RequestError } from '../../client/error.ts'
import { ClientSession } from '../../client/session.ts'
import type { WireReply } from '../../client/wire-reply.ts'
import { hello } from '../../commands/hello.ts'
import { formatPlace } from '../../server/address.ts'
import { PROTOCOL_VERSION } from '../../wire/limits.ts'
import { hasColor } from '../paint.ts'
import type { ExitCode, Program } from '../program.ts'
import { exitCodeOf, HELLO_WAIT_MS, REMOTE_OPTIONS, type Remote, readRemote } from '../remote.ts'
import { showError, showReply } from '../show-reply.ts'
import { historyFile } from './history.ts'
import { isTerminal, type Streams } from './line-reader.ts'
import { TypedSession } from './typed-session.ts'

export const shell: Program = {
  name: 'shell',
  usage: '[options]',
  about: `Sends each line as a command at once, and shows the replies and events as they come: MOVE 10 20, or
MOVE X=10 Y=20. TAB completes commands and parameters, Ctrl-C clears the line, Ctrl-D quits. A line that is wrong is
not sent, unless a ! stands before it. Lines that went well are kept for the arrow keys, but never a token.
Without a terminal it runs the lines of its input.
Exit code: 0, or without a terminal 1 if anything failed, 2 for usage, 3 for no connection, or no reply to QUIT in time.`,
  options: REMOTE_OPTIONS,
  maxWords: 0,
  example: 'skyline shell --connect 127.0.0.1:8080',
  run: async (parsed) => {
    const { stdin: input, stdout: output, stderr: error } = process
    return runShell(readRemote(parsed), { input, output, error }, historyFile(process.env, homedir()))
  },
}

/** Connects, says HELLO, and runs what is typed until either side ends the session. */
export async function runShell(remote: Remote, streams: Streams, historyFile: string): Promise<ExitCode> {
  const color = isTerminal(streams) && hasColor(streams.output)
  let shell: TypedSession | undefined
  const onEvent = (event: WireReply) => shell?.print(showReply(event, color))
  const session = new ClientSession({ ...remote, hello: false, onEvent })
  try {
    await session.open()
    const { token, timeoutMs = HELLO_WAIT_MS } = remote
    const { drone = '' } = await session.call(hello, { token, version: PROTOCOL_VERSION }, { timeoutMs })
    const prompt = `${drone} ${formatPlace(remote)}> `.trimStart()
    shell = new TypedSession(session, streams, { prompt, color, historyFile, token })
    return await shell.run()
  } catch (error) {
    session.destroy()
    streams.error.write(showError(error as RequestError, hasColor(streams.error)))
    return exitCodeOf(error as RequestError)
  }
}
