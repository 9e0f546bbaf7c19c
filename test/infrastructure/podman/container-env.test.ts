import { expect, test } from 'vitest'
import { toContainerEnv } from '../../../infrastructure/podman/container-env.ts'

test('files that .env names are found from the root, and where the containers see them', () => {
  expect(toContainerEnv('/clone', { HOME_DATA: 'meter.csv', HOME_TARIFF: '/etc/tariff.json' })).toEqual({
    HOME_DATA: 'meter.csv',
    AETHER_HOME_DATA: '/clone/meter.csv',
    AETHER_HOME_DATA_INSIDE: '/files/home-data.csv',
    HOME_TARIFF: '/etc/tariff.json',
    AETHER_HOME_TARIFF: '/etc/tariff.json',
    AETHER_HOME_TARIFF_INSIDE: '/files/home-tariff.json',
  })
})

test('localhost becomes an address, other hosts stay', () => {
  expect(toContainerEnv('/clone', { HOST: 'localhost' }).HOST).toBe('127.0.0.1')
  expect(toContainerEnv('/clone', { HOST: '0.0.0.0' }).HOST).toBe('0.0.0.0')
})
