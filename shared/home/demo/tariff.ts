import type { Tariff } from '../../domain/tariff.ts'

/** The demo home's prices in EUR a kWh: dear from 17 to 21 on working days, cheap at night. */
export const DEMO_TARIFF: Tariff = {
  currency: 'EUR',
  standingPerDay: 0.45,
  import: [
    { name: 'night', rate: 0.24, days: 'all', from: '00:00', to: '06:00', months: null },
    { name: 'night', rate: 0.24, days: 'all', from: '22:00', to: '24:00', months: null },
    { name: 'peak', rate: 0.39, days: 'working', from: '17:00', to: '21:00', months: null },
    { name: 'day', rate: 0.32, days: 'all', from: '06:00', to: '22:00', months: null },
  ],
  holidays: [],
  exportRate: 0.08,
  dynamic: null,
  dynamicExport: null,
}
