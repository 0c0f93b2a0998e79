// What the framed wire answers, written from the description of its frames alone. Bytes are a Buffer, and nothing is
// read but with its calls.

/** The words that an answer may begin with; of more than one where the contract leaves open which. */
export type NaiveAnswer = readonly string[]

const CAP_BYTES = 8192
const MAX_MISTAKES = 10
const MAX_REFUSED_TOKENS = 3
const I32_BYTES = 4
/** The payloads that have one length, by discriminant. */
const FIXED_BYTES: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [1, 1 + 2 * I32_BYTES],
  [3, 4],
])
const WRITE = 2
/** R4: what WRITE does not take. */
const UNSAFE = /[\u0080-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u061c\u200e\u200f\ufeff]/
const CONTROL = /\p{Cc}/u
/** TLS, a frame of the versioned wire, text: by their first bytes. */
const TLS = [[0x16], [3], [1, 2, 3, 4]]
const TEXT = [...'\t\n\r', ...Array.from({ length: 0x5f }, (_, index) => String.fromCharCode(0x20 + index))].map(
  (character) => character.charCodeAt(0),
)
const NOT_ZERO = Array.from({ length: 0xff }, (_, index) => index + 1)
const STRANGERS = [TLS, [[1], [0], NOT_ZERO, TEXT], [TEXT, TEXT, TEXT, TEXT]]

/** The answers to a stream. The session is over after the last, or the input is. */
export function naiveFramed(stream: Buffer, token: string | undefined): readonly NaiveAnswer[] {
  if (STRANGERS.some((bytes) => bytes.every((choices, at) => choices.includes(stream[at] ?? -1)))) return []
  const answers: NaiveAnswer[] = []
  const session = { greeted: false, mistakes: 0, refusedTokens: 0 }
  for (let rest = stream; rest.length > 0; ) {
    const length = rest.length < I32_BYTES ? 0 : rest.readUInt32LE(0)
    if (length > CAP_BYTES) return [...answers, ['MESSAGE_TOO_BIG']]
    const end = I32_BYTES + length
    if (rest.length < end) return [...answers, ['INCOMPLETE']]
    const said = answer(rest.subarray(I32_BYTES, end), session.greeted, token)
    rest = rest.subarray(end)
    const [word = ''] = said
    if (word === 'AUTH_FAILED') session.refusedTokens++
    else if (/^[A-Z_]+$/.test(word) && !/^(AUTH_OK|WRITTEN|BYE)$/.test(word)) session.mistakes++
    else if (session.greeted || word === 'AUTH_OK') session.mistakes = 0
    session.greeted ||= word === 'AUTH_OK'
    if (session.mistakes === MAX_MISTAKES) return [...answers, word === 'INVALID_UTF8' ? said : ['TOO_MANY_ERRORS']]
    answers.push(said)
    if (['BYE', 'INVALID_UTF8'].includes(word) || session.refusedTokens === MAX_REFUSED_TOKENS) return answers
  }
  return answers
}

function answer(payload: Buffer, greeted: boolean, token: string | undefined): NaiveAnswer {
  const [discriminant, textBytes] = payload
  if (discriminant === WRITE) {
    const isWhole = textBytes !== undefined && payload.length === 2 + textBytes
    return isWhole ? write(payload.subarray(2), greeted, token) : ['PARSE']
  }
  if (discriminant === undefined || FIXED_BYTES.get(discriminant) !== payload.length) return ['PARSE']
  if (discriminant === 0) return ['BYE']
  if (!greeted) return ['EXPECTED_HANDSHAKE']
  if (discriminant === 1) return [`MOVING_TO(${payload.readInt32LE(1)}, ${payload.readInt32LE(1 + I32_BYTES)})`]
  return [`COLOR_CHANGED(${[...payload.subarray(1)].join(', ')})`]
}

function write(bytes: Buffer, greeted: boolean, token: string | undefined): NaiveAnswer {
  const text = bytes.toString('utf8')
  if (!Buffer.from(text, 'utf8').equals(bytes)) return ['INVALID_UTF8']
  if (!greeted) return [text === (token ?? 'HELLO') ? 'AUTH_OK' : 'AUTH_FAILED']
  if (UNSAFE.test(text)) return ['BAD_ARGUMENT']
  if (text === '') return ['OUT_OF_RANGE']
  // The text wire has no such text, and it is enough that none harms a reader of STATUS.
  return CONTROL.test(text) ? ['BAD_ARGUMENT', 'WRITTEN'] : ['WRITTEN']
}
