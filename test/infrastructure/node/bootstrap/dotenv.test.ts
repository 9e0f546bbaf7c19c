import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readEnv, readEnvWithSecrets } from '../../../../infrastructure/node/bootstrap/dotenv.ts'
import { tempFolder } from '../../../harness/temp-folder.ts'

const modeOf = (path: string) => statSync(path).mode & 0o777

test('the first start writes the secrets, for this user alone; the next one reads them', async () => {
  const root = tempFolder()
  const env = await readEnvWithSecrets(root, {})
  expect(env.API_KEY).toMatch(/^aeth_.{40,}$/)
  expect(env.SERVICE_SECRET?.length).toBeGreaterThan(40)
  expect(modeOf(join(root, '.env'))).toBe(0o600)
  expect(await readEnvWithSecrets(root, {})).toEqual(env)
  expect(existsSync(join(root, '.env.lock'))).toBe(false)
})

test('what is in .env stays, and only what is missing is added', async () => {
  const root = tempFolder()
  const path = join(root, '.env')
  writeFileSync(path, '# mine\nLLM_MODEL=llama\nAPI_KEY=\nSERVICE_SECRET=my-own-secret-of-mine')
  chmodSync(path, 0o644)
  const env = await readEnvWithSecrets(root, {})
  expect(env).toMatchObject({ LLM_MODEL: 'llama', SERVICE_SECRET: 'my-own-secret-of-mine' })
  expect(env.API_KEY).toMatch(/^aeth_/)
  expect(readFileSync(path, 'utf8')).toMatch(
    /^# mine\nLLM_MODEL=llama\nAPI_KEY=\nSERVICE_SECRET=my-own-secret-of-mine\n#/,
  )
  expect(modeOf(path)).toBe(0o600)
})

test("the process's environment wins, but an empty variable hides nothing", () => {
  const root = tempFolder()
  writeFileSync(join(root, '.env'), 'PORT=1\nHOST=file\n')
  expect(readEnv(root, { PORT: '2', HOST: ' ' })).toMatchObject({ PORT: '2', HOST: 'file' })
})

test('secrets from the environment are not written anywhere', async () => {
  const root = tempFolder()
  await readEnvWithSecrets(root, { API_KEY: 'from-the-environment', SERVICE_SECRET: 'from-the-environment' })
  expect(existsSync(join(root, '.env'))).toBe(false)
})

test('starts at the same time end up with the same secrets', async () => {
  const root = tempFolder()
  const envs = await Promise.all([1, 2, 3].map(() => readEnvWithSecrets(root, {})))
  expect(new Set(envs.map((env) => `${env.API_KEY} ${env.SERVICE_SECRET}`)).size).toBe(1)
  expect(readFileSync(join(root, '.env'), 'utf8').match(/^API_KEY=/gm)).toHaveLength(1)
})

test('the lock of a start that was killed does not block', async () => {
  const root = tempFolder()
  writeFileSync(join(root, '.env.lock'), '999999')
  expect((await readEnvWithSecrets(root, {})).API_KEY).toBeDefined()
})

test('a service that takes no API keys gets none, and containers get a password for their database', async () => {
  const root = tempFolder()
  const runner = await readEnvWithSecrets(root, { AETHER_SERVICE: 'sandbox_runner' })
  expect(runner).toMatchObject({ SERVICE_SECRET: expect.stringMatching(/^.{40,}$/) })
  expect(runner.API_KEY).toBeUndefined()
  const containers = await readEnvWithSecrets(root, {}, ['POSTGRES_PASSWORD'])
  expect(containers.SERVICE_SECRET).toBe(runner.SERVICE_SECRET)
  expect(containers.POSTGRES_PASSWORD).toMatch(/^[\w-]{32}$/)
})
