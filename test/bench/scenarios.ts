/** How a server is loaded. */
export interface Scenario {
  readonly name: string
  readonly title: string
  readonly connections: number
  /** Requests outstanding on each connection; or by their bytes. */
  readonly depth: number | { readonly bytes: number }
  /** So long is each request made, in bytes, where the server has a way to do so. */
  readonly requestBytes?: number
}

const OUTSTANDING_BYTES = 256 * 1024

export const SCENARIOS: readonly Scenario[] = [
  { name: '1x100', title: '1 connection, 100 requests deep', connections: 1, depth: 100 },
  { name: '50x16', title: '50 connections, 16 requests deep', connections: 50, depth: 16 },
  { name: '50x1', title: '50 connections, 1 request deep', connections: 50, depth: 1 },
  { name: '256KB', title: '1 connection, 256 KB outstanding', connections: 1, depth: { bytes: OUTSTANDING_BYTES } },
  { name: '2000x1', title: '2,000 connections, 1 request deep', connections: 2000, depth: 1 },
  { name: '250B', title: '1 connection, 16 deep, 250 bytes each', connections: 1, depth: 16, requestBytes: 250 },
  { name: '8000B', title: '1 connection, 16 deep, 8,000 bytes each', connections: 1, depth: 16, requestBytes: 8000 },
]

/** How many requests are outstanding at the most, and at how many the next are sent. */
export function depthOf(
  { depth }: Scenario,
  requestBytes: number,
): { readonly depth: number; readonly refillAt: number } {
  // Pipelining clients send in batches. Where the bytes are the limit, what there is room for is sent at once.
  if (typeof depth === 'number') return { depth, refillAt: Math.floor(depth / 2) }
  const most = Math.floor(depth.bytes / requestBytes)
  return { depth: most, refillAt: most - 1 }
}
