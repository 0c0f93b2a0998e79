import type { Option } from './options.ts'

export const DEFAULT_SYNC = '100ms'

/** The options of the flight recorder. */
export const RECORD_OPTIONS: readonly Option[] = [
  { name: 'record', value: 'DIR', help: 'write down every command and event there, before its reply leaves' },
  {
    name: 'record-sync',
    value: 'TIME',
    help: `how long what is written may be on its way to the disk (default ${DEFAULT_SYNC}; 0: before the reply)`,
  },
]
