import type { MarkKind } from './track.ts'
import { px } from './xml.ts'

/** What is drawn at one place: a mark, or an end of the track. */
export type SymbolKind = MarkKind | 'far' | 'start' | 'end'

/** How far a symbol reaches from its place, with its line, in px. */
export const SYMBOL_PX = 9

/** The symbols as SVG elements about 0, 0. They differ in shape, not only in color. */
const SHAPES: Readonly<Record<SymbolKind, string>> = {
  target: '<circle r="7.5" class="target"/>',
  // On the border, where the place itself is far outside.
  far: '<circle r="4" class="target" stroke-dasharray="2 2"/>',
  arrived: '<path d="M-4 .5 L-1.2 3.4 L4.4 -3.4" class="arrived"/>',
  cancelled: '<path d="M-4.5 -4.5 H4.5 V4.5 H-4.5 Z M-4.5 4.5 L4.5 -4.5" class="cancelled"/>',
  failed: '<path d="M-4.5 -4.5 L4.5 4.5 M-4.5 4.5 L4.5 -4.5" class="failed"/>',
  start: '<circle r="4" class="end-fill"/>',
  end: '<path d="M0 -8 L8 0 L0 8 L-8 0 Z" class="end-line"/>',
}

/** The definitions that `useSymbol` refers to. */
export const symbolDefinitions = (): string =>
  `<defs>\n${Object.entries(SHAPES)
    .map(([kind, shape]) => `<g id="${kind}">${shape}</g>\n`)
    .join('')}</defs>\n`

/** A symbol at a place; `title`, already XML, is what a pointer that rests on it is shown. */
export const useSymbol = (kind: SymbolKind, x: number, y: number, title = ''): string => {
  const place = `<use href="#${kind}" x="${px(x)}" y="${px(y)}"`
  return title === '' ? `${place}/>\n` : `${place}><title>${title}</title></use>\n`
}
