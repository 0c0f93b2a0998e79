// What a server asks of V8. It is for a program to say so, and so no part of the library.

/**
 * So many bytes of bytecode V8 may put into one function, all calls inlined; of itself 920. The way of a message through
 * its rooms is 4,000 long and all of it is called for each, so that it falls into half as many functions: a MOVE takes
 * 260 ns in place of 300. With more it is hardly faster, and what is compiled takes megabytes while that is done.
 */
const INLINING = '--max-inlined-bytecode-size-cumulative=2000'

/**
 * The space for what is young stays as it is when the server listens, about 2 MB: each connection that comes would have
 * it grow, since it stays, and in the end to 32 MB. 5,000 connections take 5.3 KB each in place of 9.9. It is collected
 * more often for that, which takes 2 % of the time under full load in place of 1.
 */
const YOUNG_SPACE = '--semi-space-growth-factor=1'

/** To be called once a server listens: what it is for is yet to come, and node:v8 takes 2 ms to load. */
export async function tuneV8(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8')
  for (const flag of [INLINING, YOUNG_SPACE]) setFlagsFromString(flag)
}
