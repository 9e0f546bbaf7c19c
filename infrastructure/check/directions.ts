import { join } from 'node:path'
import { importsUnder } from './imports.ts'
import { circlesIn, faultOf } from './rules.ts'

/** Checks which folder imports which, and that no files import each other in a circle. */
const root = join(import.meta.dirname, '../..')
const imports = importsUnder(root, ['functions', 'shared', 'infrastructure', 'test'])
const faults = [
  ...imports.flatMap((each) => {
    const fault = faultOf(each)
    return fault ? [`${each.from} → ${each.to}: ${fault}`] : []
  }),
  ...circlesIn(imports).map((circle) => `circle: ${circle.join(' → ')}`),
]
for (const fault of faults) console.error(fault)
console.log(`directions: ${imports.length} imports, ${faults.length} faults`)
process.exitCode = faults.length === 0 ? 0 : 1
