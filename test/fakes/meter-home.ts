import { toLocalIso } from '../../shared/domain/time/zone.ts'
import { createFileHome } from '../../shared/home/file/file-home.ts'
import { parseMeterFile } from '../../shared/home/file/meter-file.ts'
import type { HomeSource } from '../../shared/home/port.ts'

const HOUR = 3_600_000

export interface MeterHomeOptions {
  /** Local midnight at which the data begins, epoch ms. */
  readonly start: number
  readonly hours: number
  readonly zone?: string
  readonly columns: readonly string[]
  /** Values of the hour, in the order of `columns`; null leaves the row out. */
  readonly row: (hour: number) => readonly number[] | null
}

/** A file home of hourly rows, made by a function. */
export function createMeterHome(options: MeterHomeOptions): HomeSource {
  const { start, hours, zone = 'Europe/Berlin', columns, row } = options
  const lines = [['start', ...columns].join(',')]
  for (let hour = 0; hour < hours; hour++) {
    const values = row(hour)
    if (values) lines.push([toLocalIso(start + hour * HOUR, zone), ...values].join(','))
  }
  const file = parseMeterFile(`${lines.join('\n')}\n`, {
    timeZone: zone,
    currency: 'EUR',
    fileName: 'meter.csv',
  })
  return createFileHome(file, { tariff: null, name: 'Meter' })
}
