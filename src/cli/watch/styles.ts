/** How things look: parameters of SGR (ECMA-48, 8.3.117). */
export const STYLE = {
  plain: '',
  dim: '2',
  bold: '1',
  good: '32',
  fair: '33',
  bad: '1;31',
  track: '36',
  drone: '1;93',
  target: '1;95',
  home: '34',
  bar: '36',
} as const

const MAX_CHANNEL = 255
/** The cube of xterm's 256 colours: its six levels of a channel, and where it begins. */
const CUBE_LEVELS = [0, 95, 135, 175, 215, 255]
const CUBE_SIDE = CUBE_LEVELS.length
const CUBE_START = 16
const HEX = 16

export interface Rgb {
  readonly r: number
  readonly g: number
  readonly b: number
}

/** A background in a colour, or in the nearest of the 256 that every terminal of today has. */
export function backgroundOf(color: Rgb, trueColor: boolean): string {
  const channels = channelsOf(color)
  if (trueColor) return `48;2;${channels.join(';')}`
  return `48;5;${channels.map(nearestLevel).reduce((index, level) => index * CUBE_SIDE + level, 0) + CUBE_START}`
}

export const hexOf = (color: Rgb): string =>
  `#${channelsOf(color)
    .map((channel) => channel.toString(HEX).padStart(2, '0').toUpperCase())
    .join('')}`

const channelsOf = ({ r, g, b }: Rgb): readonly number[] =>
  [r, g, b].map((channel) => Math.min(MAX_CHANNEL, Math.max(0, Math.trunc(channel))))

const nearestLevel = (channel: number): number => {
  const distances = CUBE_LEVELS.map((level) => Math.abs(level - channel))
  return distances.indexOf(Math.min(...distances))
}
