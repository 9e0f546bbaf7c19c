import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'

// `make kubernetes-check`: every object is held against the schema of its kind, and must be named in kustomization.yaml.
const folder = join(import.meta.dirname, '..')
/** Not applied with the others: its file says why. */
const APART = ['kustomization.yaml', 'runtime-class.yaml']

const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
const [kustomization] = parseAllDocuments(readFileSync(join(folder, 'kustomization.yaml'), 'utf8'))
const listed: readonly string[] = kustomization?.toJS().resources ?? []
let faults = 0
const fault = (text: string) => {
  faults++
  console.error(`kubernetes: ${text}`)
}
let objects = 0
for (const file of files) {
  if (!listed.includes(file) && !APART.includes(file)) fault(`${file} is not in kustomization.yaml`)
  if (file === 'kustomization.yaml') continue
  for (const document of parseAllDocuments(readFileSync(join(folder, file), 'utf8'))) {
    for (const error of document.errors) fault(`${file}: ${error.message}`)
    const object = document.toJS()
    objects++
    try {
      const models = await import(`kubernetes-models/${object.apiVersion}`)
      const Model = models[object.kind]
      if (!Model) fault(`${file}: there is no ${object.kind} in ${object.apiVersion}`)
      else await new Model(object).validate()
    } catch (error) {
      fault(
        `${file}: ${object.kind} ${object.metadata?.name}: ${error instanceof Error ? error.message : error}`,
      )
    }
  }
}
for (const name of listed) if (!files.includes(name)) fault(`${name} is listed and not there`)
console.log(`kubernetes: ${objects} objects, ${faults} faults`)
process.exitCode = faults === 0 ? 0 : 1
