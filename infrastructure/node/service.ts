import { hostProcess } from './host.ts'
import { runCommand } from './run-command.ts'

// `AETHER_SERVICE=ds_analysts PORT=8003 make service`: one service in a process of its own.
await runCommand((say) => hostProcess(say, { alone: true }))
