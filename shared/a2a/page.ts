import type { Task } from '@a2a-js/sdk'
import { AetherError } from '../errors/aether-error.ts'
import type { TaskPage, TaskQuery } from './task-store.ts'

const timeOf = (task: Task) => task.status?.timestamp ?? ''

/** As our timestamps are written. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** Newest status first; of the same instant the greater id first. ISO 8601 in UTC sorts as text. */
function byNewest(a: Task, b: Task): number {
  const [ta, tb] = [timeOf(a), timeOf(b)]
  if (ta !== tb) return ta < tb ? 1 : -1
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0
}

/** The token of the page after a task. */
export function tokenOf(task: Task): string {
  return btoa(`${timeOf(task)} ${task.id}`)
}

/** The task that a page token stands for. Throws INVALID_INPUT for what is none. */
export function cursorOf(token: string): { time: string; id: string } {
  let text = ''
  try {
    text = atob(token)
  } catch {
    // Not base64: text stays empty, which is refused below.
  }
  const [, time, id] = /^(\S+) (\S+)$/.exec(text) ?? []
  if (time === undefined || id === undefined || !INSTANT.test(time))
    throw new AetherError('INVALID_INPUT', 'pageToken is not one of ours.', {
      details: { param: 'pageToken' },
    })
  return { time, id }
}

/** One page of an owner's tasks by the query's filters. A token stays good when tasks before it change or go. */
export function pageOf(own: readonly Task[], query: TaskQuery): TaskPage {
  const { contextId, status, after, pageSize, pageToken } = query
  const found = own
    .filter((task) => !contextId || task.contextId === contextId)
    .filter((task) => !status || task.status?.state === status)
    .filter((task) => after === undefined || Date.parse(timeOf(task)) > after)
    .sort(byNewest)
  let rest = found
  if (pageToken !== '') {
    const { time, id } = cursorOf(pageToken)
    rest = found.filter((task) => timeOf(task) < time || (timeOf(task) === time && task.id < id))
  }
  const tasks = rest.slice(0, pageSize)
  const last = tasks.at(-1)
  const nextPageToken = last && rest.length > tasks.length ? tokenOf(last) : ''
  return { tasks, nextPageToken, totalSize: found.length }
}
