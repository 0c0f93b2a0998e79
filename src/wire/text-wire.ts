import { Reader } from './reader.ts'
import { writeEnd, writeFailure } from './reply.ts'
import { beginsTls, isFramed, isVersioned } from './stranger.ts'
import type { Wire, WireOptions } from './wire.ts'

/** The wire of the article and of `nc`: lines, headers, an empty line (sections 2 and 3). */
export const textWire = ({ strictCrlf = false }: WireOptions = {}): Wire => ({
  name: 'text',
  boundary: 'an empty line',
  greets: true,
  hasHeaders: true,
  recognize: (opening) => {
    if (beginsTls(opening)) return 'TLS'
    if (isFramed(opening)) return 'framed messages'
    return isVersioned(opening) ? 'versioned messages' : undefined
  },
  requests: () => new Reader({ strictCrlf }),
  replies: () => new Reader(),
  encode: (text) => text,
  writeReply: (output, format, values, answered) => {
    format.write(output, values, answered)
  },
  writeFailure: (output, failure, answered) => {
    writeFailure(output, failure)
    writeEnd(output, answered)
  },
  asText: (reply) => reply,
})
