import type { Sandbox } from '../sandbox/port.ts'
import { OPERATION, TOOL_NAME } from './attributes.ts'
import type { Tracer } from './tracer.ts'

/**
 * The sandbox with a span for each script below `parent`: script, files by name, result, exit class, and as parts the
 * phases that the runner measured, which reaches no trace server itself.
 */
export function traceSandbox(sandbox: Sandbox, tracer: Tracer, parent: string): Sandbox {
  return {
    status: (signal) => sandbox.status(signal),
    async run(job, options) {
      const span = tracer.start({
        name: 'sandbox',
        parent,
        kind: 'client',
        type: 'TOOL',
        attributes: { [OPERATION]: 'execute_tool', [TOOL_NAME]: 'sandbox' },
        inputs: { script: job.script, files: job.files.map((file) => file.name), limits: job.limits },
      })
      try {
        const result = await sandbox.run(job, { ...options, traceparent: span.traceparent })
        // The runner's span of the whole is ours seen from the other side.
        for (const { name, start, end } of result.telemetry?.spans ?? [])
          if (name !== 'sandbox') span.part(name, start, end)
        span.set({
          'aether.exit_class': result.exitClass,
          'aether.sandbox.tier': result.tier,
          'aether.error_class': result.errorClass ?? undefined,
        })
        span.outputs({ result: result.result, stdout: result.stdout, stderr: result.stderr })
        // The runner did its work; a script that did not run to its end is a failed step all the same.
        const why = result.errorClass ?? result.exitClass
        if (result.exitClass !== 'ok') span.fail(why, `The script ended with ${why}.`)
        span.end()
        return result
      } catch (thrown) {
        span.end(thrown)
        throw thrown
      }
    },
  }
}
