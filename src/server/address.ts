import { lookup } from 'node:dns/promises'
import { BlockList, isIPv6, type Socket } from 'node:net'

export interface Address {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** Whether only this machine reaches the IP address. */
export const isLoopback = (ip: string): boolean => LOOPBACK.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4')

/** The IP address of a host. Rejects where there is none. */
export const resolveHost = async (host: string): Promise<string> => (await lookup(host)).address

/** `127.0.0.1:8080`, `[::1]:8080`. */
export const formatAddress = ({ host, port }: Address): string =>
  isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`

/** The address at the other end of a socket. */
export const peerOf = ({ remoteAddress = 'unknown', remotePort = 0 }: Socket): string =>
  formatAddress({ host: remoteAddress, port: remotePort })
