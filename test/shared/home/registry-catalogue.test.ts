import { describe, expect, test } from 'vitest'
import { findEntities } from '../../../shared/home/registry-catalogue.ts'
import { ENTITIES } from '../../functions/architect/support.ts'

const registries = {
  areas: [
    { id: 'kitchen', name: 'Kitchen', floor: null },
    { id: 'bedroom', name: 'Bedroom', floor: null },
  ],
  devices: [
    { id: 'd1', name: 'Climate box', areaId: 'bedroom', manufacturer: null, model: null, entryId: null },
  ],
  entities: ENTITIES,
}
const find = (filter: Partial<Parameters<typeof findEntities>[0]>) => {
  const { found, exact } = findEntities(
    { query: '', area: '', domain: '', deviceClass: '', limit: 50, ...filter },
    registries,
  )
  return { ids: found.map((entity) => entity.id), exact }
}

describe('a catalogue of registries', () => {
  test('a domain gives all of it, disabled ones left out', () => {
    expect(find({ domain: 'light' }).ids).toEqual([
      'light.kitchen_sink',
      'light.kitchen_ceiling',
      'light.bedroom',
    ])
  })
  test('words match names, rooms and the device’s room, in the plural too', () => {
    expect(find({ query: 'kitchen lights' }).ids).toEqual(['light.kitchen_sink', 'light.kitchen_ceiling'])
    expect(find({ query: 'bedroom', deviceClass: 'temperature' }).ids).toEqual(['sensor.bedroom_temperature'])
    expect(find({ area: 'Bedroom', deviceClass: 'temperature' }).ids).toEqual(['sensor.bedroom_temperature'])
  })
  test('the closest ones are marked as such, and nonsense finds nothing', () => {
    expect(find({ query: 'garage gate' })).toEqual({ ids: ['cover.garage_door'], exact: false })
    expect(find({ query: 'disco ball' })).toEqual({ ids: [], exact: true })
  })
})
