/** What a terminal can show, as far as its environment tells. */
export interface TerminalAbilities {
  /** Whether a picture can be drawn at all. */
  readonly canDraw: boolean
  readonly unicode: boolean
  readonly trueColor: boolean
}

/** Linux's own console has neither braille nor half of the other characters. */
const WITHOUT_UNICODE = new Set(['linux', 'vt100', 'vt102', 'vt220'])
const TRUE_COLOR = new Set(['truecolor', '24bit'])

export function abilitiesOf(environment: NodeJS.ProcessEnv): TerminalAbilities {
  const { TERM: term = '', COLORTERM: colors = '', LC_ALL, LC_CTYPE, LANG } = environment
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value = '') => value !== '') ?? ''
  return {
    canDraw: term !== '' && term !== 'dumb',
    unicode: /utf-?8/i.test(locale) && !WITHOUT_UNICODE.has(term),
    trueColor: TRUE_COLOR.has(colors),
  }
}
