import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CURRENCY, ZONE } from './household.ts'

/** A name that breaks whatever takes it for more than a name. */
export const EVIL_NAME = '"\'; import os; os.system("touch /tmp/x") #\n<img src=x onerror=alert(1)>'

/** Writes the configuration of a home that listens on loopback alone and reaches for nothing outside it. */
export function writeConfiguration(folder: string, port: number): void {
  // JSON is YAML in which no word is taken for a truth value, nor a time for a number.
  const configuration = JSON.stringify({
    homeassistant: {
      name: 'Live home',
      latitude: 43.65,
      longitude: -79.38,
      elevation: 76,
      unit_system: 'metric',
      time_zone: ZONE,
      currency: CURRENCY,
      country: 'CA',
    },
    http: { server_host: '127.0.0.1', server_port: port },
    // What is imported is readable a second later.
    recorder: { commit_interval: 1 },
    history: null,
    logbook: null,
    energy: null,
    automation: AUTOMATIONS,
    script: null,
    input_boolean: {
      guest_mode: { name: EVIL_NAME },
      heating: { name: 'Heating allowed', initial: true },
    },
    template: TEMPLATES,
    demo: null,
  })
  writeFileSync(join(folder, 'configuration.yaml'), configuration)
  mkdirSync(join(folder, '.storage'))
  // Done beforehand, so that the step that adds integrations of the internet is never taken.
  const done = { done: ['core_config', 'analytics', 'integration'] }
  const onboarding = { version: 4, minor_version: 1, key: 'onboarding', data: done }
  writeFileSync(join(folder, '.storage/onboarding'), JSON.stringify(onboarding))
}

const AUTOMATIONS = [
  {
    id: 'good_night',
    alias: 'Good night',
    trigger: [{ platform: 'time', at: '23:00:00' }],
    action: [{ service: 'light.turn_off', target: { entity_id: 'light.bed_light' } }],
  },
  {
    id: 'evil',
    alias: EVIL_NAME,
    trigger: [{ platform: 'state', entity_id: 'input_boolean.guest_mode', to: 'on' }],
    action: [{ service: 'light.turn_on', target: { entity_id: 'light.bed_light' } }],
  },
]

/** A thermometer without a device, which may therefore hang in an area of its own. */
const thermometer = (name: string, celsius: number) => ({
  name: `${name} temperature`,
  unique_id: name,
  state: `{{ ${celsius} }}`,
  unit_of_measurement: '°C',
  device_class: 'temperature',
})

const TEMPLATES = [
  {
    sensor: [
      thermometer('Cellar', 12.5),
      thermometer('Attic', 27.5),
      { name: 'Broken gauge', unique_id: 'broken_gauge', state: '{{ 1 }}', availability: '{{ false }}' },
    ],
  },
]
