import { chmodSync, lstatSync, unlinkSync } from 'node:fs'
import { connect, type ListenOptions, type Server } from 'node:net'
import { type Address, isPath, type Place } from './address.ts'

/** After how long without traffic the kernel asks whether the peer is still there, in milliseconds. */
const KEEP_ALIVE_MS = 10_000
/** Who may use a socket in the file system: the user that the server runs as. */
const OWNER_ONLY = 0o600
const PERMISSIONS = 0o777

/** What every listener asks of its sockets. */
export const SOCKET_OPTIONS = {
  // A script that ends with FIN still gets every reply (F7).
  allowHalfOpen: true,
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: KEEP_ALIVE_MS,
}

/** Has a server listen, and resolves to where it does, with the port that was found. Rejects where that cannot be. */
export async function listen(server: Server, place: Place): Promise<Place> {
  if (!isPath(place)) {
    await start(server, place)
    const { address, port } = server.address() as { address: string; port: number }
    return { host: address, port }
  }
  try {
    await start(server, place)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || !(await isAbandoned(place.path))) throw error
    unlinkSync(place.path)
    await start(server, place)
  }
  chmodSync(place.path, OWNER_ONLY)
  return place
}

const start = (server: Server, options: Address | ListenOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    makingPrivately(() =>
      server.listen(options, () => {
        server.off('error', reject)
        resolve()
      }),
    )
  })

/** Has files made for their owner alone: changed afterwards, the mode of a socket would let others in for a moment. */
function makingPrivately(make: () => void): void {
  let before: number | undefined
  try {
    before = process.umask(PERMISSIONS & ~OWNER_ONLY)
  } catch {
    // A worker cannot set it: there is that moment.
  }
  try {
    make()
  } finally {
    if (before !== undefined) process.umask(before)
  }
}

/** Whether a path is that of a socket on which nobody listens: left behind by a server that was killed. */
async function isAbandoned(path: string): Promise<boolean> {
  if (!lstatSync(path).isSocket()) return false
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(false)
    })
    socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'ECONNREFUSED'))
  })
}
