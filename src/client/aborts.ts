import { setMaxListeners } from 'node:events'

/** Who is to be told that a signal is aborted: a signal has one listener here, however many wait under it. */
export class Aborts {
  readonly #waiting = new Map<AbortSignal, Set<() => void>>()
  readonly #listener = (event: Event): void => this.#tell(event.target as AbortSignal)

  /** Calls back once, unless that is called off by what it returns. */
  on(signal: AbortSignal, aborted: () => void): () => void {
    const waiting = this.#waiting.get(signal) ?? this.#listen(signal)
    waiting.add(aborted)
    return () => {
      if (waiting.delete(aborted) && waiting.size === 0) this.#leave(signal)
    }
  }

  #listen(signal: AbortSignal): Set<() => void> {
    const waiting = new Set<() => void>()
    this.#waiting.set(signal, waiting)
    // One signal may be that of a thousand connections.
    setMaxListeners(0, signal)
    signal.addEventListener('abort', this.#listener)
    return waiting
  }

  #tell(signal: AbortSignal): void {
    const waiting = this.#waiting.get(signal) ?? []
    this.#leave(signal)
    for (const aborted of waiting) aborted()
  }

  #leave(signal: AbortSignal): void {
    this.#waiting.delete(signal)
    signal.removeEventListener('abort', this.#listener)
  }
}
