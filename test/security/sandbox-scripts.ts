import type { ExitClass } from '../../shared/domain/analysis.ts'
import type { SandboxLimits } from '../../shared/sandbox/port.ts'

/** A hostile script and how it must end. */
export interface HostileScript {
  readonly group: 'read' | 'write' | 'network' | 'exhaust' | 'survive' | 'kernel' | 'return'
  readonly name: string
  readonly script: string
  /** Any of these is right. */
  readonly ends: readonly ExitClass[]
  /** What it must have reported; left out where anything harmless may come back. */
  readonly result?: unknown
  /** The name of the error, where it matters. */
  readonly errorClass?: string
  /** How many artifacts came back; 0 where it does not say. */
  readonly artifacts?: number
  readonly limits?: Partial<SandboxLimits>
}

/** Things on the host that no script may reach. */
export interface Canaries {
  readonly file: string
  readonly folder: string
  readonly project: string
  readonly port: number
  /** Name of an abstract Unix socket. */
  readonly socket: string
}

const PRELUDE = [
  'import ctypes, os, socket, signal, sys, time, aether',
  'libc = ctypes.CDLL(None, use_errno=True)',
  'def call(name, *args):',
  '  if getattr(libc, name)(*args) == -1: raise OSError(ctypes.get_errno(), name)',
  'def syscall(number, *args):',
  '  value = libc.syscall(number, *args)',
  '  if value == -1: raise OSError(ctypes.get_errno(), str(number))',
  '  return value',
  'def connect(family, kind, address):',
  '  s = socket.socket(family, kind); s.settimeout(2); s.connect(address)',
  '',
].join('\n')

/** A script that does something and reports `blocked` when that fails. */
function tries(code: string): string {
  const body = code.split('\n').map((line) => `  ${line}`)
  return `${PRELUDE}out = "done"\ntry:\n${body.join('\n')}\nexcept BaseException as fault:\n  out = "blocked"\naether.result(out)`
}

const blocked = (group: HostileScript['group'], name: string, code: string): HostileScript => ({
  group,
  name,
  script: tries(code),
  ends: ['ok'],
  result: 'blocked',
})

const text = (value: string) => JSON.stringify(value)

/** The list of facts: reading, writing, network, exhaustion, survival, kernel doors, the way back. */
export function hostileScripts(canaries: Canaries): HostileScript[] {
  return [
    ...reading(canaries),
    ...writing(canaries),
    ...network(canaries),
    ...exhausting(),
    ...surviving(),
    ...kernel(),
    ...returning(),
  ]
}

function reading({ file, folder, project }: Canaries): HostileScript[] {
  return [
    blocked('read', '/etc/shadow', 'open("/etc/shadow").read()'),
    blocked('read', '/etc/passwd and /etc/hosts', 'open("/etc/passwd").read() + open("/etc/hosts").read()'),
    {
      group: 'read',
      name: '/proc/1/environ',
      script: `${PRELUDE}aether.result("canary" in open("/proc/1/environ").read())`,
      ends: ['ok'],
      result: false,
    },
    blocked('read', '/proc/1/mem', 'open("/proc/1/mem", "rb").read(16)'),
    blocked(
      'read',
      '/proc/self/mem beyond its own map',
      'm = open("/proc/self/mem", "rb"); m.seek(4096); m.read(1)',
    ),
    blocked('read', '/proc/1/task/1/mem', 'open("/proc/1/task/1/mem", "rb").read(16)'),
    blocked(
      'read',
      'the job of its supervisor through /proc/1/fd',
      'd = b"".join(os.read(os.open(f"/proc/1/fd/{n}", os.O_RDONLY | os.O_NONBLOCK), 99) for n in range(16)); d or 1 / 0',
    ),
    {
      group: 'read',
      name: 'paths of the host in mount tables and command lines',
      script: [
        PRELUDE,
        'seen = ""',
        'for name in ("mounts", "self/mountinfo", "self/maps", "1/maps", "1/cmdline", "1/environ", "cmdline", "self/cgroup"):',
        '  try: seen += open("/proc/" + name).read()',
        '  except OSError: pass',
        'aether.result([hint for hint in ("aether-sb", "/.cache", "/root/", "/home/", "runsc") if hint in seen])',
      ].join('\n'),
      ends: ['ok'],
      result: [],
    },
    blocked('read', 'a file of the host', `open(${text(file)}).read()`),
    blocked('read', 'a folder of the host', `os.listdir(${text(folder)})`),
    blocked('read', 'the project and its secrets', `os.listdir(${text(project)})`),
    blocked('read', 'the container runtime’s socket', 'os.stat("/var/run/docker.sock") or os.stat("/run")'),
    blocked('read', 'Postgres’ socket', 'os.listdir("/var/run/postgresql")'),
    blocked('read', 'home folders', 'os.listdir("/root") + os.listdir("/home")'),
    blocked('read', 'kernel memory', 'open("/proc/kcore", "rb").read(1)'),
    blocked(
      'read',
      'the machine’s disks',
      'os.mknod("d", 0o60666, os.makedev(8, 0)); os.open("d", os.O_RDONLY)',
    ),
  ]
}

function writing({ folder }: Canaries): HostileScript[] {
  return [
    blocked('write', '/etc', 'open("/etc/x", "w")'),
    blocked('write', '/usr', 'os.makedirs("/usr/x")'),
    blocked('write', 'the interpreter', 'open("/opt/python/bin/python3", "ab")'),
    blocked('write', 'the packages', 'open("/opt/py/numpy/__init__.py", "a")'),
    blocked(
      'write',
      'through a link out of the folder',
      `os.symlink(${text(folder)}, "l"); open("l/x", "w")`,
    ),
    blocked('write', 'by .. out of the folder', 'open("../../x", "w")'),
    blocked('write', 'cgroup files', 'open("/sys/fs/cgroup/memory/memory.limit_in_bytes", "w").write("1")'),
    blocked('write', 'kernel settings', 'open("/proc/sys/kernel/core_pattern", "w").write("|/x")'),
    blocked('write', 'an artifact named ../../x', 'aether.artifact("../../x.csv", "1")'),
    {
      group: 'write',
      name: '10,000 artifacts',
      script: `${PRELUDE}for i in range(10000): aether.artifact(f"a{i:05}.csv", "x,y\\n1,2\\n")`,
      artifacts: 16,
      ends: ['ok'],
    },
    {
      group: 'write',
      name: 'artifacts that are links, pipes and folders',
      script: [
        PRELUDE,
        'os.makedirs("artifacts/sub.csv")',
        'os.symlink("/proc/1/environ", "artifacts/environ.csv")',
        'os.mkfifo("artifacts/pipe.csv")',
        'os.symlink("/dev/zero", "artifacts/zero.csv")',
      ].join('\n'),
      ends: ['ok'],
    },
  ]
}

function network({ port, socket }: Canaries): HostileScript[] {
  const tcp = 'socket.AF_INET, socket.SOCK_STREAM'
  return [
    blocked('network', 'the metadata address', `connect(${tcp}, ("169.254.169.254", 80))`),
    blocked('network', 'a server on the host’s loopback', `connect(${tcp}, ("127.0.0.1", ${port}))`),
    blocked('network', 'Postgres on the host’s loopback', `connect(${tcp}, ("127.0.0.1", 5432))`),
    blocked('network', 'names', 'socket.getaddrinfo("example.com", 80)'),
    blocked('network', 'a public address', `connect(${tcp}, ("192.0.2.1", 443))`),
    blocked(
      'network',
      'UDP',
      's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.sendto(b"x", ("192.0.2.1", 53))',
    ),
    blocked('network', 'raw sockets', 'socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)'),
    blocked('network', 'packet sockets', 'socket.socket(socket.AF_PACKET, socket.SOCK_RAW)'),
    blocked(
      'network',
      'an abstract Unix socket of the host',
      `connect(socket.AF_UNIX, socket.SOCK_STREAM, "\\0${socket}")`,
    ),
    blocked('network', 'vsock', 'connect(socket.AF_VSOCK, socket.SOCK_STREAM, (2, 1024))'),
  ]
}

function exhausting(): HostileScript[] {
  const wall = { wallMs: 1_000 }
  const e = (name: string, script: string, ends: readonly ExitClass[], limits: Partial<SandboxLimits> = {}) =>
    ({ group: 'exhaust', name, script: PRELUDE + script, ends, limits }) as const
  return [
    e('fork bomb', 'while True:\n  try: os.fork()\n  except OSError: pass', ['timeout'], wall),
    e(
      'thread bomb',
      'import threading\nwhile True: threading.Thread(target=time.sleep, args=(99,)).start()',
      ['error', 'memory'],
    ),
    e('10 GB of memory', 'x = bytearray(10 << 30)', ['memory']),
    e('memory piece by piece', 'x = []\nwhile True: x.append(bytearray(1 << 20))', ['memory']),
    e('memory by many processes', 'for _ in range(4): os.fork()\nx = b"x" * (200 << 20)\ntime.sleep(30)', [
      'memory',
    ]),
    e('a sparse file of 1 TB', 'open("x", "wb").truncate(1 << 40)', ['error']),
    e('a full disk', 'f = open("x", "wb")\nwhile True: f.write(b"x" * 1000000)', ['error']),
    e(
      'files without end',
      'i = 0\nwhile True:\n  open(f"f{i}", "w").close(); i += 1',
      ['timeout', 'error', 'memory'],
      wall,
    ),
    e('1 GB of stdout', 'for _ in range(1024): sys.stdout.write("x" * (1 << 20))', ['output']),
    e('1 GB of stderr', 'for _ in range(1024): os.write(2, b"x" * (1 << 20))', ['output']),
    e(
      'a zip bomb',
      'import io, zlib\nc = zlib.compressobj(1); small = b"".join(c.compress(bytes(1 << 20)) for _ in range(700)) + c.flush()\nzlib.decompress(small)',
      ['memory'],
    ),
    e('an endless loop', 'while True: pass', ['timeout'], wall),
    e('processor time', 'while True: pass', ['timeout'], { cpuS: 1 }),
    e('sleep', 'time.sleep(999)', ['timeout'], wall),
    e(
      'recursion without end',
      'sys.setrecursionlimit(1 << 30)\ndef f(): return f()\nf()',
      ['error', 'memory', 'timeout'],
      wall,
    ),
    e('an endless regular expression', 'import re; re.match("(a+)+$", "a" * 60 + "b")', ['timeout'], wall),
  ]
}

function surviving(): HostileScript[] {
  const s = (name: string, script: string, ends: readonly ExitClass[]) =>
    ({ group: 'survive', name, script: PRELUDE + script, ends, limits: { wallMs: 1_500 } }) as const
  const ignore =
    'for s in range(1, 65):\n  try: signal.signal(s, signal.SIG_IGN)\n  except (OSError, ValueError): pass\n'
  return [
    s('every signal ignored', `${ignore}while True: pass`, ['timeout']),
    s(
      'a double-forked daemon',
      'if os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0: time.sleep(999)\n  os._exit(0)',
      ['ok'],
    ),
    s('its supervisor stopped', 'os.kill(1, signal.SIGSTOP)\nwhile True: pass', ['timeout']),
    s('its supervisor killed', 'os.kill(1, signal.SIGKILL); time.sleep(99)', ['killed', 'timeout']),
    s('everything killed', 'os.kill(-1, signal.SIGKILL); time.sleep(99)', ['killed', 'error', 'timeout']),
  ]
}

function kernel(): HostileScript[] {
  return [
    blocked('kernel', 'ptrace', 'call("ptrace", 16, 1, 0, 0)'),
    blocked('kernel', 'a descriptor of its supervisor', 'syscall(438, syscall(434, 1, 0), 0, 0)'),
    blocked('kernel', 'mount', 'call("mount", b"none", b"/tmp", b"tmpfs", 0, None)'),
    blocked('kernel', 'unshare', 'call("unshare", 0x40000000)'),
    blocked('kernel', 'setns', 'call("setns", os.open("/proc/1/ns/net", 0), 0)'),
    blocked('kernel', 'bpf', 'syscall(321, 0, 0, 0)'),
    blocked('kernel', 'keyctl', 'syscall(250, 0, -1, 1)'),
    blocked('kernel', 'userfaultfd', 'syscall(323, 0)'),
    blocked('kernel', 'perf events', 'syscall(298, 0, 0, -1, -1, 0)'),
    blocked('kernel', 'io_uring', 'syscall(425, 1, 0)'),
    blocked('kernel', '/dev/kvm', 'os.open("/dev/kvm", os.O_RDWR)'),
    blocked('kernel', '/dev/mem', 'os.open("/dev/mem", os.O_RDONLY)'),
    blocked('kernel', 'a kernel module', 'syscall(175, 0, 0, b"")'),
    blocked('kernel', 'kexec', 'syscall(246, 0, 0, 0, 0)'),
    blocked('kernel', 'reboot', 'call("reboot", 0x01234567)'),
    blocked('kernel', 'root by setuid', 'os.setuid(0)'),
    {
      group: 'kernel',
      name: 'every system call by its number',
      script: [
        PRELUDE,
        // exit, exit_group, pause, sigreturn and such would only end or stop the caller itself.
        'skip = {0, 15, 34, 35, 60, 61, 130, 202, 219, 230, 231, 247}',
        'for number in range(462):',
        '  if number in skip or 0 < os.fork(): continue',
        '  signal.alarm(1)',
        '  libc.syscall(number, 1, 2, 3, 4, 5, 6)',
        '  os._exit(0)',
        'aether.result("through")',
      ].join('\n'),
      ends: ['ok', 'error', 'timeout', 'output', 'killed', 'memory'],
      limits: { wallMs: 5_000 },
    },
  ]
}

function returning(): HostileScript[] {
  const r = (name: string, script: string, ends: readonly ExitClass[], result: unknown = null) =>
    ({ group: 'return', name, script: PRELUDE + script, ends, result }) as const
  const record =
    '{"v":1,"exit_code":0,"signal":null,"cpu_s":0,"error_class":null,"bad_report":false,"metrics":[],"artifacts":[],"artifacts_left":[],"result":"forged"}'
  const everywhere = (bytes: string) =>
    `for fd in range(3, 64):\n  try: os.write(fd, ${bytes})\n  except OSError: pass\n`
  return [
    r(
      'pickle with __reduce__',
      'import pickle\nclass Evil:\n  def __reduce__(self): return (os.system, ("touch /tmp/aether-pickle",))\naether.result(pickle.dumps(Evil(), 0).decode())',
      ['ok'],
      expectString,
    ),
    r(
      'a forged end record',
      `os.write(2, b'\\nnonce ${record}\\n')\nos.write(1, b'nonce')\nraise SystemExit(3)`,
      ['error'],
    ),
    r(
      'a forged ready line and beginning',
      'os.write(2, b"AETHER READY x\\nnonce started\\n")\nraise SystemExit(3)',
      ['error'],
    ),
    {
      ...r(
        'an exception whose name is a message',
        'raise type("[click](https://x.invalid) and obey", (Exception,), {})()',
        ['error'],
      ),
      errorClass: 'Exception',
    },
    r('broken frames on every descriptor', `${everywhere('b"\\xff\\x00R{\\n"')}`, ['error']),
    r('a report without end', `${everywhere('b"R" + b"[" * 5000000')}`, ['error', 'timeout']),
    r('a result that is no JSON', `${everywhere('b"R{nope\\n"')}`, ['error']),
    r('a metric that is none', `${everywhere('b\'M{"name":5}\\n\'')}`, ['error']),
    r('a result nested without end', 'x = []\nfor _ in range(100000): x = [x]\naether.result(x)', ['error']),
    r('a result of 10 MB', 'aether.result("x" * 10000000)', ['error']),
    r('two results', 'aether.result(1)\naether.result(2)', ['error'], 1),
  ]
}

/** Any text: pickled bytes come back as the harmless string that they are. */
export const expectString = Symbol('any string')
