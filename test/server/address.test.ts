import { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { formatAddress, isLoopback, peerOf, resolveHost } from '../../src/server/address.ts'

it.each([
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['0.0.0.0', false],
  ['128.0.0.1', false],
  ['10.0.0.1', false],
  ['::', false],
  ['::2', false],
  ['::ffff:10.0.0.1', false],
])('knows whether only this machine reaches %s: %s', (ip, expected) => {
  expect(isLoopback(ip)).toBe(expected)
})

it('writes an address as it is given to --listen', () => {
  expect(formatAddress({ host: '127.0.0.1', port: 8080 })).toBe('127.0.0.1:8080')
  expect(formatAddress({ host: '::1', port: 8080 })).toBe('[::1]:8080')
})

it('has a name for a peer without an address', () => {
  expect(peerOf(new Socket())).toBe('unix')
})

it('resolves an IP address to itself', async () => {
  expect(await resolveHost('127.0.0.1')).toBe('127.0.0.1')
  expect(await resolveHost('::1')).toBe('::1')
})
