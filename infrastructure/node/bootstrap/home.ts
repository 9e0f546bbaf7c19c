import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Now } from '../../../shared/domain/ids.ts'
import type { Tariff } from '../../../shared/domain/tariff.ts'
import { AetherError } from '../../../shared/errors/aether-error.ts'
import { createDemoHome } from '../../../shared/home/demo/demo-home.ts'
import { createFileHome } from '../../../shared/home/file/file-home.ts'
import { parseMeterFile } from '../../../shared/home/file/meter-file.ts'
import type { HomeSource } from '../../../shared/home/port.ts'
import { parseTariff } from '../../../shared/home/tariff-file.ts'
import type { Config } from '../config.ts'
import { errorCode, StartFault } from '../start-fault.ts'

/** The home that the configuration names: a meter's file, else the demo home. Throws StartFault with file and line. */
export function openHome(config: Config['home'], now: Now): HomeSource {
  const path = config.tariff
  const tariff = path === null ? null : readTariff(path)
  const { demoNow } = config
  if (config.data === null) return createDemoHome({ now: demoNow === null ? now : () => demoNow })
  const fileName = basename(config.data)
  const text = readText('HOME_DATA', config.data)
  const file = check('HOME_DATA', () =>
    parseMeterFile(text, { timeZone: config.timeZone, currency: config.currency, fileName }),
  )
  return createFileHome(file, { tariff, name: fileName })
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
