/**
 * Bounds the values of a label that others decide about, such as names of models: the first `most` are kept as they
 * are, all further ones are `other`. Control characters go, and no value is longer than 64 characters.
 */
export function createFold(most: number): (value: string) => string {
  const known = new Set<string>()
  return (value) => {
    const name = value.replace(/\p{Cc}/gu, '').slice(0, 64)
    if (known.has(name)) return name
    if (known.size >= most) return 'other'
    known.add(name)
    return name
  }
}
