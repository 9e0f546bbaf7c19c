import packageJson from '../../package.json' with { type: 'json' }

/** The version of this Aether. */
export const VERSION: string = packageJson.version
