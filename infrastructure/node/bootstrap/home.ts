import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { reveal } from '../../../shared/config/secret.ts'
import type { Now } from '../../../shared/domain/ids.ts'
import type { Tariff } from '../../../shared/domain/tariff.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { createDemoHome } from '../../../shared/home/demo/demo-home.ts'
import { parseExpose } from '../../../shared/home/expose.ts'
import { createExposedHome } from '../../../shared/home/exposed-home.ts'
import { createFileHome } from '../../../shared/home/file/file-home.ts'
import { parseMeterFile } from '../../../shared/home/file/meter-file.ts'
import { createHomeAssistant, type HomeHealth } from '../../../shared/home/home_assistant/home-assistant.ts'
import type { HomeSource } from '../../../shared/home/port.ts'
import { parseTariff } from '../../../shared/home/tariff-file.ts'
import type { Config } from '../config.ts'
import { openTransport } from '../home-transport.ts'
import { errorCode, StartFault } from '../start-fault.ts'

/** The home to read, and what the process must know of how it is reached. */
export interface OpenHome {
  readonly source: HomeSource
  /** Null for homes without a connection. */
  readonly health: (() => HomeHealth) | null
  /** Tells when the home's registries may have changed. */
  onRegistries(listener: () => void): void
  close(): Promise<void>
}

/**
 * The home that the configuration names: a Home Assistant, a meter's file, else the demo home; of each only what may be
 * seen. Throws StartFault with file and line. A Home Assistant that does not answer is no fault: it may come later.
 */
export function openHome(config: Config['home'], now: Now): OpenHome {
  const opened = openWhole(config, now)
  if (config.expose === null) return opened
  const { expose } = config
  const rules = check('HA_EXPOSE', () => parseExpose(expose))
  return { ...opened, source: createExposedHome(opened.source, rules) }
}

function openWhole(config: Config['home'], now: Now): OpenHome {
  const path = config.tariff
  const tariff = path === null ? null : readTariff(path)
  const { demoNow, assistant } = config
  if (assistant !== null) return openHomeAssistant(assistant, tariff, now)
  if (config.data === null)
    return unconnected(createDemoHome({ now: demoNow === null ? now : () => demoNow }))
  const fileName = basename(config.data)
  const text = readText('HOME_DATA', config.data)
  const file = check('HOME_DATA', () =>
    parseMeterFile(text, { timeZone: config.timeZone, currency: config.currency, fileName }),
  )
  return unconnected(createFileHome(file, { tariff, name: fileName }))
}

const unconnected = (source: HomeSource): OpenHome => ({
  source,
  health: null,
  onRegistries: () => {},
  close: async () => {},
})

function openHomeAssistant(
  { url, token, caFile }: NonNullable<Config['home']['assistant']>,
  tariff: Tariff | null,
  now: Now,
): OpenHome {
  const transport = openTransport(caFile === null ? null : readText('HA_CA_FILE', caFile))
  const home = createHomeAssistant({
    url,
    token: reveal(token),
    openWebSocket: transport.openWebSocket,
    fetch: transport.fetch,
    now,
    random: () => Math.random(),
    tariff,
  })
  return {
    source: home,
    health: home.health,
    onRegistries: home.onRegistries,
    async close() {
      home.close()
      await transport.close()
    },
  }
}

function readTariff(path: string): Tariff {
  const text = readText('HOME_TARIFF', path)
  return check('HOME_TARIFF', () => parseTariff(text))
}

function readText(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const code = errorCode(error)
    const reason = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`
    throw new StartFault(`${variable} names ${path}, but ${reason}.`, { cause: error })
  }
}

function check<T>(variable: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (error instanceof AetherError) throw new StartFault(`${variable}: ${error.message}`, { cause: error })
    throw error
  }
}
