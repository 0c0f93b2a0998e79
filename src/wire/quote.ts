import { MAX_QUOTED_BYTES } from './limits.ts'

/**
 * A client's bytes as an error may show them: in double quotes, cut after 64 bytes of input, all that is not printable
 * ASCII as `\xhh` (R4).
 */
export function quote(bytes: Uint8Array, start = 0, end = bytes.length): string {
  const cut = Math.min(end, start + MAX_QUOTED_BYTES)
  const quoted = `"${printable(bytes.subarray(start, cut))}"`
  return cut < end ? `${quoted}...` : quoted
}

/** The same for a string. */
export const quoteText = (text: string): string => quote(new TextEncoder().encode(text))

/** Bytes as printable ASCII: any other byte is `\xhh`. */
export function printable(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) {
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
  }
  return text
}
