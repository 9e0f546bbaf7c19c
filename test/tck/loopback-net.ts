import type { PushNet } from '../../shared/a2a/push/sender.ts'

/** A way out that never leaves this machine: the kit's own receiver is reached, other targets are not. */
export const loopbackNet: PushNet = {
  resolve: async (host) => (host === 'localhost' ? ['127.0.0.1'] : []),
  fetch: (request, address) => {
    if (address !== '127.0.0.1') throw new Error('only this machine is reached')
    return fetch(request)
  },
}
