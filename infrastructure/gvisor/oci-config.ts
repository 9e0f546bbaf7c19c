import { BOOT_SCRIPT } from './boot-script.ts'

const MIB = 1_048_576

/** Processes and threads in one sandbox; a fork beyond it fails inside. */
export const MAX_PROCESSES = 32
/** Size of the one writable folder, which lies in memory. */
export const TMPFS_MIB = 64

export interface OciOptions {
  readonly pythonRoot: string
  readonly memoryMb: number
  /** Modules to import before the job is there. */
  readonly preload: readonly string[]
}

/**
 * The OCI configuration of one sandbox: the Python root and nothing else of the machine, read-only; one tmpfs; no network but
 * an empty namespace's `lo`; an unprivileged user without capabilities; address space and processes limited always, since
 * without these a script can stall the whole machine.
 */
export function createOciConfig({ pythonRoot, memoryMb, preload }: OciOptions) {
  const none: string[] = []
  return {
    ociVersion: '1.0.2',
    hostname: 'sandbox',
    process: {
      terminal: false,
      user: { uid: 65534, gid: 65534 },
      cwd: '/tmp',
      noNewPrivileges: true,
      // Where the machine's memory runs out, a sandbox goes before anything else.
      oomScoreAdj: 1_000,
      args: ['/opt/python/bin/python3', '-I', '-S', '-B', '-X', 'utf8', '-c', BOOT_SCRIPT, preload.join(',')],
      env: [
        'PATH=/opt/python/bin',
        'HOME=/tmp',
        'LANG=C.UTF-8',
        'TZ=UTC',
        'LD_LIBRARY_PATH=/opt/python/lib',
        'OPENBLAS_NUM_THREADS=1',
        'MALLOC_ARENA_MAX=1',
      ],
      capabilities: { bounding: none, effective: none, inheritable: none, permitted: none, ambient: none },
      rlimits: [
        rlimit('RLIMIT_AS', memoryMb * MIB),
        rlimit('RLIMIT_NPROC', MAX_PROCESSES),
        rlimit('RLIMIT_NOFILE', 256),
        rlimit('RLIMIT_FSIZE', TMPFS_MIB * MIB),
        rlimit('RLIMIT_CORE', 0),
      ],
    },
    root: { path: pythonRoot, readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'noexec', 'size=65536'] },
      {
        destination: '/tmp',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'nodev', 'mode=1777', `size=${TMPFS_MIB}m`],
      },
    ],
    linux: {
      namespaces: ['pid', 'network', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
    },
  }
}

function rlimit(type: string, value: number) {
  return { type, soft: value, hard: value }
}
