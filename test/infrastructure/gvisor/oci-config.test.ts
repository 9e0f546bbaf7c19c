import { describe, expect, it } from 'vitest'
import { createOciConfig } from '../../../infrastructure/gvisor/oci-config.ts'

const config = createOciConfig({ pythonRoot: '/cache/root', memoryMb: 512, preload: ['numpy', 'pandas'] })

describe('createOciConfig', () => {
  it('mounts nothing of the machine but the root, and that read-only', () => {
    expect(config.root).toEqual({ path: '/cache/root', readonly: true })
    expect(config.mounts.filter((mount) => mount.type === 'bind')).toEqual([])
    const writable = config.mounts.filter((mount) => mount.type === 'tmpfs' && mount.destination !== '/dev')
    expect(writable).toEqual([
      {
        destination: '/tmp',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'nodev', 'mode=1777', 'size=64m'],
      },
    ])
  })

  it('gives no capability, no root user, and namespaces of its own', () => {
    expect(Object.values(config.process.capabilities).flat()).toEqual([])
    expect(config.process.user).toEqual({ uid: 65534, gid: 65534 })
    expect(config.process.noNewPrivileges).toBe(true)
    expect(config.linux.namespaces.map(({ type }) => type)).toContain('network')
  })

  it('always limits address space and processes', () => {
    const limits = new Map(config.process.rlimits.map(({ type, soft, hard }) => [type, [soft, hard]]))
    expect(limits.get('RLIMIT_AS')).toEqual([536_870_912, 536_870_912])
    expect(limits.get('RLIMIT_NPROC')).toEqual([32, 32])
    expect(limits.get('RLIMIT_CORE')).toEqual([0, 0])
  })

  it('passes nothing of our environment', () => {
    const names = config.process.env.map((pair) => pair.split('=')[0])
    expect(names).toEqual([
      'PATH',
      'HOME',
      'LANG',
      'TZ',
      'LD_LIBRARY_PATH',
      'OPENBLAS_NUM_THREADS',
      'MALLOC_ARENA_MAX',
    ])
  })

  it('starts Python apart from any user settings, with the modules to import', () => {
    expect(config.process.args.slice(0, 3)).toEqual(['/opt/python/bin/python3', '-I', '-S'])
    expect(config.process.args.at(-1)).toBe('numpy,pandas')
  })
})
