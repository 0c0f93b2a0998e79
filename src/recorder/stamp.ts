import { Output } from '../wire/output.ts'
import { constant } from '../wire/template.ts'
import { writeAscii, writeMilliseconds } from './json.ts'

const TIME = constant(',"time":"')
const MONO = constant('","mono":')
/** Room for both times, in bytes. */
const ROOM_BYTES = 96

/** When something was recorded, by both clocks: the fields of a line, put together once for all of one moment. */
export class Stamp {
  /** Of the monotonic clock. */
  #ms = Number.NaN
  readonly #fields = new Output(ROOM_BYTES)
  /** Where the digits of the monotonic clock begin. */
  #monoStart = 0

  isOf(monoMs: number): boolean {
    return monoMs === this.#ms
  }

  /** `monoMs`: of the monotonic clock. `time`: ISO 8601, of the wall clock. */
  set(monoMs: number, time: string): void {
    this.#ms = monoMs
    const fields = this.#fields
    fields.endAt(0)
    fields.constant(TIME)
    writeAscii(fields, time)
    fields.constant(MONO)
    this.#monoStart = fields.length
    writeMilliseconds(fields, monoMs)
  }

  writeFields(to: Output): void {
    this.#copy(to, 0)
  }

  /** Writes milliseconds of the monotonic clock: as a rule those of this moment. */
  writeMilliseconds(to: Output, ms: number): void {
    if (ms === this.#ms) this.#copy(to, this.#monoStart)
    else writeMilliseconds(to, ms)
  }

  #copy(to: Output, from: number): void {
    const { bytes, start, end } = this.#fields.since(from)
    to.range(bytes, start, end)
  }
}
