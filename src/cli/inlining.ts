/**
 * So many bytes of bytecode V8 may put into one function, all calls inlined; of itself 920. The way of a message through
 * its rooms is 4,000 long and all of it is called for each, so that it falls into five functions in place of fifteen:
 * a MOVE takes 240 ns in place of 300. It is for a program to say so, and so no part of the library.
 */
const FLAG = '--max-inlined-bytecode-size-cumulative=3000'

/** To be called once a server listens: what it is for is compiled when it is hot, and node:v8 takes 2 ms to load. */
export async function inlineMore(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString(FLAG)
}
