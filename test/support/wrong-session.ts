import { isUtf8 } from 'node:buffer'
import type { Fault } from './wrong-servers.ts'

const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  HELLO: ['Token', 'Version', 'Client'],
  PING: [],
  HELP: ['Command'],
  STATUS: [],
  QUIT: [],
  EXIT: [],
}
const ALWAYS = ['PING', 'HELP', 'QUIT', 'EXIT']
const FIRST_LINE = /^[A-Za-z][\w-]{0,31}(?: +[!-~\x80-\xff]+)* *$/
const HEADER = /^([A-Za-z][\w-]{0,63}):[ \t]*([\t -~\x80-\xff]*?)[ \t]*$/
const ID = /^[\w.:-]{1,64}$/
const HTTP = /^(?!(?:HELLO|PING|HELP|STATUS|QUIT|EXIT) ) *\S+ +\S+ +HTTP\/\d\S* *\r?$/im

const letters = (word: string) => [...word.toUpperCase()].sort().join('')

/** What a wrong server has to say, as text with a character for each byte. */
export class WrongSession {
  isOver = false
  readonly #fault: Fault | undefined
  #isGreeted = false
  #mistakes = 0

  constructor(fault: Fault | undefined) {
    this.#fault = fault
  }

  greeting(): string {
    return this.#say('OK READY', ['Server: wrong', 'Protocol: 1', 'Auth: none', 'Max-Message: 8192'])
  }

  fail(code: string, parts: readonly string[] = ['Hint: nothing that followed was run']): string {
    this.isOver = true
    return this.#say(`ERR ${code}`, ['Reason: Not so', 'Fatal: yes', ...parts])
  }

  /** The reply to a message; empty where there is none. */
  answer(message: string): string {
    const lines = message.split(/\r?\n/)
    const [first = ''] = lines
    const headers = lines.slice(1).flatMap((line) => HEADER.exec(line) ?? [])
    const keys = headers.filter((_, index) => index % 3 === 1).map((key) => key.toUpperCase())
    const valueBehind = (key: string) => headers[keys.indexOf(key) * 3 + 2]
    const isHttp = HTTP.test(message.replace(/\n.*/s, '')) || /^MOVE +\S*\/\S* +HTTP\/\d\S*$/i.test(first)
    this.isOver = isHttp && this.#fault !== 'serves HTTP'
    if (this.isOver) return ''
    const givenId = keys.includes('ID') ? (valueBehind('ID') ?? '') : undefined
    const id = givenId !== undefined && ID.test(givenId) ? givenId : undefined
    const fail = (code: string, parts: readonly string[] = [], culprit = first) =>
      this.#mistake(code, parts, culprit, id)

    if (/\0|\r(?!\n)/.test(message)) return this.fail('PARSE')
    if (!isUtf8(Buffer.from(message, 'latin1'))) return this.fail('INVALID_UTF8')
    const bad = lines.findIndex((line, index) => !(index === 0 ? FIRST_LINE : HEADER).test(line))
    if (bad >= 0) return fail('PARSE', [`At: line ${bad + 1}`, 'Hint: an empty line ends each message'], lines[bad])
    if (keys.length > 64) return fail('TOO_MANY_HEADERS')
    if (new Set(keys).size < keys.length) return fail('DUPLICATE_HEADER')
    const [word = '', ...words] = first.trimEnd().split(/ +/)
    const command = word.toUpperCase()
    const parameters = this.#parametersOf(word)
    const near = (name: string) => Object.keys(PARAMETERS).find((other) => letters(other) === letters(name))
    if (parameters === undefined) return fail('UNKNOWN_COMMAND', [`Hint: did you mean ${near(word) ?? 'HELP'}?`])
    if (!this.#isGreeted && command !== 'HELLO' && !ALWAYS.includes(command)) return fail('EXPECTED_HANDSHAKE')
    if (this.#isGreeted && command === 'HELLO') return fail('WRONG_STATE')
    if (id !== givenId) return fail('BAD_ARGUMENT', ['Param: Id'])
    const known = [...parameters, 'Id', 'Note'].map((name) => name.toUpperCase())
    if (keys.some((key) => !known.includes(key) && !key.startsWith('X-'))) return fail('UNKNOWN_HEADER')
    if (words.length > parameters.length) return fail('TOO_MANY_ARGUMENTS')
    const twice = parameters.find((name, index) => index < words.length && keys.includes(name.toUpperCase()))
    if (twice !== undefined) return fail('BAD_ARGUMENT', [`Param: ${twice}`])

    const topic = words[0] ?? valueBehind('COMMAND')
    if (command === 'HELP' && topic !== undefined && this.#parametersOf(topic) === undefined)
      return fail('BAD_ARGUMENT', ['Param: Command', `Hint: did you mean ${near(topic) ?? 'PING'}?`])
    const version = words[1] ?? valueBehind('VERSION') ?? '1'
    const isInteger =
      this.#fault === 'reads integers with Number' ? !Number.isNaN(Number(version)) : /^(0|-?[1-9]\d*)$/.test(version)
    if (command === 'HELLO') {
      if (!isInteger) return fail('BAD_ARGUMENT', ['Param: Version'])
      if (Math.abs(Number(version)) > 65535) return fail('OUT_OF_RANGE', ['Param: Version'])
      if (Number(version) !== 1) return fail('VERSION_UNSUPPORTED', ['Supported: 1'])
      this.#isGreeted = true
    }
    if (this.#isGreeted) this.#mistakes = 0
    return this.#succeed(command, id)
  }

  #parametersOf(word: string): readonly string[] | undefined {
    if (this.#fault === 'keeps its commands in a plain object') {
      const found = PARAMETERS[word] ?? PARAMETERS[word.toUpperCase()]
      return found === undefined || Array.isArray(found) ? found : []
    }
    return new Map(Object.entries(PARAMETERS)).get(word.toUpperCase())
  }

  #succeed(command: string, id: string | undefined): string {
    switch (command) {
      case 'HELLO':
        return this.#say('OK AUTH_OK', ['Protocol: 1', 'Drone: none'], id)
      case 'HELP':
        return this.#say(
          'OK HELP',
          Object.keys(PARAMETERS).map((name) => `${name}: a command`),
          id,
        )
      case 'QUIT':
      case 'EXIT':
        this.isOver = true
        return this.#say('OK BYE', [], id)
      default:
        return this.#say(command === 'PING' ? 'OK PONG' : 'OK STATUS', [], id)
    }
  }

  #mistake(code: string, parts: readonly string[], culprit: string, id: string | undefined): string {
    const quoted = culprit.slice(0, 64).replaceAll(/[^ -~]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`)
    const shown = this.#fault === 'echoes raw input' ? culprit : this.#isGreeted ? quoted : 'a message'
    this.isOver = ++this.#mistakes === 10
    return this.isOver
      ? this.#say('ERR TOO_MANY_ERRORS', ['Reason: too many', 'Fatal: yes', `Cause: ${code}`], id)
      : this.#say(`ERR ${code}`, [`Reason: Not in "${shown}"`, 'Fatal: no', ...parts], id)
  }

  #say(first: string, headers: readonly string[], id?: string): string {
    const ids = id === undefined ? [] : [`Id: ${id}`]
    const lines = this.#fault === 'puts the Id first' ? [...ids, ...headers] : [...headers, ...ids]
    return `${[first, ...lines].join('\r\n')}\r\n\r\n`
  }
}
