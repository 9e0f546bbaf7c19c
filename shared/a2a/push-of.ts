import { PushNotificationNotSupportedError } from '@a2a-js/sdk/errors'
import type { PushMethods } from './push/push.ts'

/** The methods on push notifications. Throws PushNotificationNotSupported where they are off. */
export function pushOf({ push }: { readonly push: PushMethods | null }): PushMethods {
  if (!push) throw new PushNotificationNotSupportedError()
  return push
}
