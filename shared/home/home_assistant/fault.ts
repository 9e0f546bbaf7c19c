import { AetherError } from '../../errors/aether-error.ts'

/** How a state of the connection is shown, and what the reader can do about it. */
interface StateRow {
  readonly state: 'ok' | 'degraded' | 'starting' | 'down'
  readonly message: string
  readonly next: string
}

const RETRIES = 'Aether tries again by itself.'

/** Every state of the way to Home Assistant. */
export const LINK_STATES = {
  ok: { state: 'ok', message: 'Home Assistant answers.', next: '' },
  connecting: {
    state: 'starting',
    message: 'Aether is still connecting to Home Assistant.',
    next: 'Ask again in a few seconds.',
  },
  starting: {
    state: 'starting',
    message: 'Home Assistant is still starting.',
    next: 'Ask again when it has started.',
  },
  stopping: {
    state: 'down',
    message: 'Home Assistant is shutting down.',
    next: `Ask again when it is back. ${RETRIES}`,
  },
  unreachable: {
    state: 'down',
    message: 'Nothing answers at the address in HA_URL.',
    next: `Check that Home Assistant runs and that HA_URL names its address and port. ${RETRIES}`,
  },
  unknown_host: {
    state: 'down',
    message: 'The host name in HA_URL cannot be found.',
    next: `Check its spelling, or use the IP address. ${RETRIES}`,
  },
  cut: {
    state: 'down',
    message: 'The connection to Home Assistant was cut.',
    next: `${RETRIES} Ask again in a few seconds.`,
  },
  slow: {
    state: 'down',
    message: 'Home Assistant does not answer in time.',
    next: 'Check how busy it is, and ask again or for a shorter time.',
  },
  speaks_https: {
    state: 'down',
    message: 'HA_URL begins with http://, but Home Assistant speaks https there.',
    next: 'Write https:// in HA_URL, and name its authority in HA_CA_FILE where that is your own.',
  },
  speaks_http: {
    state: 'down',
    message: 'HA_URL begins with https://, but Home Assistant speaks http there.',
    next: 'Write http:// in HA_URL.',
  },
  untrusted: {
    state: 'down',
    message: 'The certificate of Home Assistant is not one that this machine trusts.',
    next: 'Put the certificate of its authority (PEM) into a file and name that in HA_CA_FILE.',
  },
  wrong_name: {
    state: 'down',
    message: 'The certificate of Home Assistant is for another name than the one in HA_URL, or has expired.',
    next: 'Use the name that the certificate holds, or renew it.',
  },
  not_home_assistant: {
    state: 'down',
    message: 'Something answers at HA_URL, but it is not Home Assistant.',
    next: 'HA_URL is the address of its web page, such as http://homeassistant.local:8123.',
  },
  no_socket: {
    state: 'down',
    message: 'The pages of Home Assistant are there, but its WebSocket is not.',
    next: `It may be starting or stopping; a proxy before it must pass WebSockets on. ${RETRIES}`,
  },
  refused: {
    state: 'down',
    message: 'Home Assistant refuses the connection (403).',
    next: 'Look into ip_bans.yaml and trusted_proxies of its configuration.',
  },
  bad_token: {
    state: 'down',
    message: 'Home Assistant refuses the token in HA_TOKEN.',
    next: 'Make a long-lived access token on your profile page in Home Assistant (Security), set it as HA_TOKEN, and start Aether again.',
  },
  too_old: {
    state: 'down',
    message: 'This Home Assistant is older than Aether can read.',
    next: 'Update it to 2023.9 or newer.',
  },
  too_large: {
    state: 'degraded',
    message: 'An answer of Home Assistant was larger than Aether takes.',
    next: 'Ask for a shorter time or for fewer things.',
  },
  garbled: {
    state: 'down',
    message: 'Home Assistant, or something before it, sent what is no valid message.',
    next: `Check a proxy between them. ${RETRIES}`,
  },
  busy: {
    state: 'degraded',
    message: 'Too much is being asked of Home Assistant at once.',
    next: 'Ask again in a moment.',
  },
  failed: {
    state: 'degraded',
    message: 'Home Assistant could not answer this call.',
    next: 'Look at its log, and ask again.',
  },
} as const satisfies Record<string, StateRow>

export type LinkState = keyof typeof LINK_STATES

/** Why a call failed, by the table; the AetherError that crosses our functions has it as its cause. */
export class LinkFault extends Error {
  override readonly name = 'LinkFault'
  readonly state: LinkState
  constructor(state: LinkState, options: { cause?: unknown } = {}) {
    super(LINK_STATES[state].message, options)
    this.state = state
  }
}

/** The fault as the error that a reader sees: what is wrong and what to do next. */
export function toUnavailable(fault: LinkFault): AetherError {
  const { message, next } = LINK_STATES[fault.state]
  return new AetherError('HOME_UNAVAILABLE', `${message} ${next}`, { cause: fault })
}

/** Home Assistant's own "no" to one call: `unauthorized`, `unknown_command`, `not_found`, … */
export class CallRefused extends Error {
  override readonly name = 'CallRefused'
  readonly code: string
  constructor(code: string) {
    super(`Home Assistant refused the call: ${code}`)
    this.code = code
  }
}

/** The state behind an error of this adapter, or null for any other error. */
export function linkStateOf(error: unknown): LinkState | null {
  if (error instanceof LinkFault) return error.state
  if (error instanceof AetherError && error.cause instanceof LinkFault) return error.cause.state
  return null
}
