import { hostProcess } from './host.ts'
import { runCommand } from './run-command.ts'

// `make run`: the whole of Aether in one process.
await runCommand((say) => hostProcess(say, { alone: false }))
