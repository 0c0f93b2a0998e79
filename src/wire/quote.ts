import { MAX_QUOTED_BYTES } from './limits.ts'

/**
 * A client's bytes as an error or a log may show them: in double quotes, cut after 64 bytes of input, all that is not
 * printable ASCII as `\xhh` (R4).
 */
export function quote(bytes: Uint8Array, start = 0, end = bytes.length): string {
  const cut = Math.min(end, start + MAX_QUOTED_BYTES)
  let text = ''
  for (let i = start; i < cut; i++) {
    const byte = bytes[i] as number
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
  }
  return cut < end ? `"${text}"...` : `"${text}"`
}

/** The same for a string. */
export const quoteText = (text: string): string => quote(new TextEncoder().encode(text))
