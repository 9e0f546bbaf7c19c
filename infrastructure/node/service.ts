import { hostProcess } from './host.ts'
import { OF_TEAM } from './local-team.ts'
import { runCommand } from './run-command.ts'

// `AETHER_SERVICE=ds_analysts PORT=8003 make service`: one service in a process of its own.
const ofTeam = process.argv.includes(OF_TEAM)
await runCommand((say) => hostProcess(say, { alone: true, ofTeam }))
