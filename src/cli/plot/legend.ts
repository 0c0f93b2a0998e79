import type { Piece } from './pieces.ts'
import { formatNumber } from './scale.ts'
import { type SymbolKind, useSymbol } from './symbols.ts'
import { MARK_KINDS, type TrackMark } from './track.ts'
import { px, widthOf } from './xml.ts'

const FONT_PX = 12
const ROW_PX = 20
/** How wide a piece of line is, and a symbol. */
const LINE_PX = 24
const SYMBOL_PX = 16
const SIGN_GAP_PX = 8
const ITEM_GAP_PX = 16
/** From the foot of a line of text to about its middle. */
const TEXT_MIDDLE = 4

interface Item {
  readonly label: string
  readonly sign: SymbolKind | 'seen' | 'told'
}

/** What the lines and symbols mean: those that are there, and how many. */
export function drawLegend(
  pieces: readonly Piece[],
  marks: readonly TrackMark[],
  { left, top, right }: { readonly left: number; readonly top: number; readonly right: number },
): { readonly svg: string; readonly bottom: number } {
  let x = left
  let y = top
  const signs = itemsOf(pieces, marks).map(({ label, sign }) => {
    const textX = SIGN_GAP_PX + (isLine(sign) ? LINE_PX : SYMBOL_PX)
    const width = textX + widthOf(label, FONT_PX)
    if (x > left && x + width > right) {
      x = left
      y += ROW_PX
    }
    const drawn = drawSign(sign, x, y)
    const text = `<text x="${px(x + textX)}" y="${px(y + TEXT_MIDDLE)}">${label}</text>\n`
    x += width + ITEM_GAP_PX
    return drawn + text
  })
  return { svg: signs.join(''), bottom: y }
}

function itemsOf(pieces: readonly Piece[], marks: readonly TrackMark[]): Item[] {
  const lines: readonly Item[] = [
    { label: 'seen by telemetry', sign: 'seen' },
    { label: 'not seen', sign: 'told' },
  ]
  return [
    ...lines.filter(({ sign }) => pieces.some(({ isSeen }) => (sign === 'seen') === isSeen)),
    { label: 'start', sign: 'start' },
    { label: 'end', sign: 'end' },
    ...MARK_KINDS.flatMap((kind) => {
      const count = marks.filter((mark) => mark.kind === kind).length
      return count === 0 ? [] : [{ label: `${kind} (${formatNumber(count)})`, sign: kind }]
    }),
  ]
}

function drawSign(sign: Item['sign'], x: number, y: number): string {
  if (!isLine(sign)) return useSymbol(sign, x + SYMBOL_PX / 2, y)
  return `<path class="track${sign === 'told' ? ' told' : ''}" d="M${px(x)} ${px(y)}h${LINE_PX}"/>\n`
}

const isLine = (sign: Item['sign']): sign is 'seen' | 'told' => sign === 'seen' || sign === 'told'
