import { describe, expect, it } from 'vitest'
import { readAddress, readChoice, readCount, readDuration } from '../../src/cli/values.ts'

describe('a duration (section 5)', () => {
  it.each([
    ['500ms', 500],
    ['10s', 10_000],
    ['5m', 300_000],
    ['0', 0],
    ['1ms', 1],
    ['0s', 0],
    ['24h', 86_400_000],
    ['2147483647ms', 2_147_483_647],
  ])('%s is %i ms', (text, milliseconds) => {
    expect(readDuration('--t', text)).toBe(milliseconds)
  })

  it.each([
    '',
    '10',
    's',
    '-1s',
    '+1s',
    '1.5s',
    '1e3s',
    '10 s',
    ' 10s',
    '10S',
    '10sec',
    '1m30s',
    '٣s',
    '0x10s',
    'NaN',
    'off',
  ])('%j is none', (text) => {
    expect(() => readDuration('--t', text)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(JSON.stringify(text)) }),
    )
  })

  it.each(['2147483648ms', '25d', '999999999999999999999s'])('%s is longer than a timer can be', (text) => {
    expect(() => readDuration('--t', text)).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })
})

describe('an address', () => {
  it.each([
    ['127.0.0.1:8080', '127.0.0.1', 8080],
    ['localhost:0', 'localhost', 0],
    ['0.0.0.0:65535', '0.0.0.0', 65535],
    ['[::1]:8080', '::1', 8080],
    ['[::]:0', '::', 0],
  ])('%s is read', (text, host, port) => {
    expect(readAddress('--listen', text)).toEqual({ host, port })
  })

  it.each([
    '',
    '8080',
    ':8080',
    'localhost',
    'localhost:',
    'a:65536',
    'a:-1',
    'a:1e3',
    '::1:8080',
    '[]:1',
    '[::1]',
    'a b:1',
    'a:1:2',
  ])('%j is none', (text) => {
    expect(() => readAddress('--listen', text)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining('--listen') }),
    )
  })
})

describe('a count', () => {
  it.each([
    ['1', 1],
    ['1024', 1024],
  ])('%s is read', (text, count) => {
    expect(readCount('--n', text)).toBe(count)
  })

  it.each(['', '0', '-1', '+1', '1.0', '1e3', '0x10', '01', ' 1', 'many', '9007199254740993'])('%j is none', (text) => {
    expect(() => readCount('--n', text)).toThrow(expect.objectContaining({ code: 'USAGE' }))
  })
})

it('a choice is one of those there are', () => {
  expect(readChoice('--log-format', 'json', ['pretty', 'json'])).toBe('json')
  expect(() => readChoice('--log-format', 'JSON', ['pretty', 'json'])).toThrow(
    expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(/--log-format.*pretty.*json.*"JSON"/) }),
  )
})
