const DEGREES = 360
const WORDS = ['north', 'north-east', 'east', 'south-east', 'south', 'south-west', 'west', 'north-west']
const ARROWS = '↑↗→↘↓↙←↖'
const ASCII_ARROWS = '^/>\\v/<\\'

const sectorOf = (degrees: number): number => {
  const turn = (((degrees % DEGREES) + DEGREES) % DEGREES) / DEGREES
  return Math.round(turn * WORDS.length) % WORDS.length
}

/** The eighth of the compass in which a heading lies. */
export const compassWord = (degrees: number): string => WORDS[sectorOf(degrees)] ?? ''

/** An arrow in that direction, north being up. */
export const arrowOf = (degrees: number, unicode: boolean): string =>
  (unicode ? ARROWS : ASCII_ARROWS)[sectorOf(degrees)] ?? ''
