import { lookup } from 'node:dns/promises'
import { BlockList, isIPv6, type Socket } from 'node:net'

export interface Address {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
}

/** Where a server listens: an address, or a socket in the file system. */
export type Place = Address | { readonly path: string }

export const isPath = (place: Place): place is { readonly path: string } => 'path' in place

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** Whether only this machine reaches the IP address. Most that do have one of two, and to check costs 1 KB each. */
export const isLoopback = (ip: string): boolean =>
  ip === '127.0.0.1' || ip === '::1' || LOOPBACK.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4')

/** The IP address of a host. Rejects where there is none. */
export const resolveHost = async (host: string): Promise<string> => (await lookup(host)).address

/** `127.0.0.1:8080`, `[::1]:8080`. Joined, since V8 keeps the parts of a template for as long as the whole. */
export const formatAddress = ({ host, port }: Address): string => [isIPv6(host) ? `[${host}]` : host, port].join(':')

/** `127.0.0.1:8080`, `unix:///run/skyline.sock`. */
export const formatPlace = (place: Place): string => (isPath(place) ? `unix://${place.path}` : formatAddress(place))

/** The address at the other end of a socket. */
export const peerOf = ({ remoteAddress, remotePort = 0 }: Socket): string =>
  remoteAddress === undefined ? 'unix' : formatAddress({ host: remoteAddress, port: remotePort })
