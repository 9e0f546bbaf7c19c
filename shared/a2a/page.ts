import type { Task } from '@a2a-js/sdk'
import { AetherError } from '../errors/aether-error.ts'
import type { TaskPage, TaskQuery } from './task-store.ts'

const timeOf = (task: Task) => task.status?.timestamp ?? ''

/** Newest status first; of the same instant the greater id first. ISO 8601 in UTC sorts as text. */
function byNewest(a: Task, b: Task): number {
  const [ta, tb] = [timeOf(a), timeOf(b)]
  if (ta !== tb) return ta < tb ? 1 : -1
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0
}

function tokenOf(task: Task): string {
  return btoa(`${timeOf(task)} ${task.id}`)
}

function cursorOf(token: string): { time: string; id: string } {
  let text = ''
  try {
    text = atob(token)
  } catch {
    // Not base64: text stays empty, which is refused below.
  }
  const [, time, id] = /^(\S+) (\S+)$/.exec(text) ?? []
  if (time === undefined || id === undefined)
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
