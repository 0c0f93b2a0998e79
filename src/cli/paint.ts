/** What stands before a text to colour it, and behind it. */
const COLORS = { red: '\x1b[31m', green: '\x1b[32m', cyan: '\x1b[36m', dim: '\x1b[2m' } as const
const PLAIN = '\x1b[0m'

/** Whether a stream is to be coloured: on a terminal, unless NO_COLOR is set. */
export const hasColor = ({ isTTY = false }: { readonly isTTY?: boolean }): boolean =>
  isTTY && (process.env['NO_COLOR'] ?? '') === ''

/** A text in a colour, where there is to be any. */
export const paint = (text: string, color: keyof typeof COLORS, colored: boolean): string =>
  colored ? `${COLORS[color]}${text}${PLAIN}` : text
