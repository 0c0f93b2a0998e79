// What a server asks of V8. It is for a program to say so, and so no part of the library.

/**
 * So many bytes of bytecode V8 may put into one function, all calls inlined; of itself 920. The way of a message through
 * its rooms is 4,000 long and all of it is called for each, so that it falls into half as many functions: a MOVE takes
 * 260 ns in place of 300. With more it is hardly faster, and what is compiled takes megabytes while that is done.
 */
const INLINING = '--max-inlined-bytecode-size-cumulative=2000'

/**
 * The space for what is young grows no further. Of itself it does with each connection that comes and stays, up to 32 MB:
 * 5,000 connections take 6.2 KB each in place of 9.9.
 */
const NO_GROWTH = '--semi-space-growth-factor=1'
/** As large as full load makes it, in bytes. With less of it 4 to 8 % more of the time goes into collecting it. */
const YOUNG_BYTES = 6 * 1024 * 1024

/** To be called once a server listens: what it is for is yet to come, and these modules take 2 ms to load. */
export async function tuneV8(): Promise<void> {
  const [{ getHeapSpaceStatistics, setFlagsFromString }, { PerformanceObserver }] = await Promise.all([
    import('node:v8'),
    import('node:perf_hooks'),
  ])
  setFlagsFromString(INLINING)
  const observer = new PerformanceObserver(() => {
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
    if ((young?.space_size ?? YOUNG_BYTES) < YOUNG_BYTES) return
    setFlagsFromString(NO_GROWTH)
    observer.disconnect()
  })
  observer.observe({ entryTypes: ['gc'] })
}
