import { JsonBytes } from './json-bytes.ts'

const TIME = Buffer.from(',"time":"')
const MONO = Buffer.from('","mono":')
/** Room for both times, in bytes. */
const ROOM_BYTES = 96

/** When something was recorded, by both clocks: the fields of a line, put together once for all of one moment. */
export class Stamp {
  /** Of the monotonic clock. */
  #ms = Number.NaN
  readonly #fields = new JsonBytes(ROOM_BYTES)
  /** Where the digits of the monotonic clock begin. */
  #monoStart = 0

  isOf(monoMs: number): boolean {
    return monoMs === this.#ms
  }

  /** `monoMs`: of the monotonic clock. `time`: ISO 8601, of the wall clock. */
  set(monoMs: number, time: string): void {
    this.#ms = monoMs
    const fields = this.#fields
    fields.length = 0
    fields.constant(TIME)
    fields.ascii(time)
    fields.constant(MONO)
    this.#monoStart = fields.length
    fields.milliseconds(monoMs)
  }

  writeFields(to: JsonBytes): void {
    to.range(this.#fields.bytes, 0, this.#fields.length)
  }

  /** Writes milliseconds of the monotonic clock: as a rule those of this moment. */
  writeMilliseconds(to: JsonBytes, ms: number): void {
    if (ms === this.#ms) to.range(this.#fields.bytes, this.#monoStart, this.#fields.length)
    else to.milliseconds(ms)
  }
}
