import type { SessionHost } from '../../src/session/host.ts'

/** The owner of a connection that only carries out commands, and records nothing. What breaks is thrown. */
export const QUIET_HOST: Omit<SessionHost, 'execute'> = {
  hasRun: true,
  isRecording: false,
  order: () => 0,
  record: () => {},
  leaving: () => {},
  check: () => undefined,
  leaseMs: undefined,
  leaseChanged: () => {},
  broken: (_command, error) => {
    throw error
  },
  greeted: () => {},
  refused: () => {},
  strange: () => {},
}
