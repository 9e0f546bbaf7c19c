import type { DemoHome } from '../../shared/home/demo/demo-home.ts'
import type { HomeSource } from '../../shared/home/port.ts'
import type { Fetch } from '../../shared/http/fetch.ts'

/** What a scenario may set; the rest is the product as `make run` starts it, on the demo home with the offline model. */
export interface DeploymentOptions {
  /** The home's present, epoch ms. */
  readonly now?: number
  readonly home?: HomeSource
  /** A language model's endpoint instead of the built-in one. */
  readonly model?: Fetch
  /** False: as on a machine without runsc. */
  readonly sandbox?: boolean
  readonly threshold?: number
}

/** A running Aether, reached as a client reaches it. */
export interface Deployment {
  /** Base address without a trailing slash. */
  readonly url: string
  readonly key: string
  /** Truth of the demo home. */
  readonly demo: DemoHome
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>
  stop(): Promise<void>
}

/** One way to put the services together. */
export interface Topology {
  readonly name: string
  start(options: DeploymentOptions): Promise<Deployment>
}
