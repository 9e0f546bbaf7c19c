import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { findSandbox } from '../../../infrastructure/gvisor/find.ts'
import { openRealSandbox, type RealSandbox, WITHOUT_SANDBOX } from './real-sandbox.ts'

const CANARY = 'canary-7c1f-host-only'

/** A script that tries each expression and reports `blocked` or what it got, by name. */
function attempts(tries: Readonly<Record<string, string>>): string {
  return [
    'import ctypes, os, socket, aether',
    'libc = ctypes.CDLL(None, use_errno=True)',
    'def call(name, *args):',
    '  if getattr(libc, name)(*args) == -1: raise OSError(ctypes.get_errno(), name)',
    '  return "done"',
    'def syscall(number, *args):',
    '  if libc.syscall(number, *args) == -1: raise OSError(ctypes.get_errno(), str(number))',
    '  return "done"',
    'def connect(family, kind, address):',
    '  s = socket.socket(family, kind); s.settimeout(2); s.connect(address); return "connected"',
    'out = {}',
    ...Object.entries(tries).flatMap(([name, code]) => [
      'try:',
      `  out[${JSON.stringify(name)}] = str(${code})[:300]`,
      'except BaseException as fault:',
      `  out[${JSON.stringify(name)}] = "blocked"`,
    ]),
    'aether.result(out)',
  ].join('\n')
}

/** Reads 16 bytes of another process where its map says that there are some. */
const READ_MEMORY = [
  'import ctypes',
  'class Vector(ctypes.Structure): _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]',
  'def read_memory(pid):',
  '  line = next(l for l in open(f"/proc/{pid}/maps") if "rw-p" in l)',
  '  text = ctypes.create_string_buffer(16)',
  '  here = Vector(ctypes.cast(text, ctypes.c_void_p), 16)',
  '  there = Vector(int(line.split("-")[0], 16), 16)',
  '  if ctypes.CDLL(None).process_vm_readv(pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) < 0: raise OSError',
  '  return text.raw',
  '',
].join('\n')

const allBlocked = (tries: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.keys(tries).map((name) => [name, 'blocked']))

describe.skipIf(WITHOUT_SANDBOX)('containment in real gVisor', () => {
  let real: RealSandbox
  let folder: string
  let server: Server
  let port = 0
  let connections = 0
  beforeAll(async () => {
    process.env.AETHER_TEST_CANARY = CANARY
    real = await openRealSandbox()
    folder = await mkdtemp(join(tmpdir(), 'aether-canary-'))
    await writeFile(join(folder, 'secret'), CANARY)
    server = createServer((socket) => {
      connections++
      socket.destroy()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    port = typeof address === 'object' && address !== null ? address.port : 0
  })
  afterEach(async () => {
    expect(connections).toBe(0)
    expect(await readFile(join(folder, 'secret'), 'utf8')).toBe(CANARY)
  })
  afterAll(async () => {
    delete process.env.AETHER_TEST_CANARY
    server.close()
    await real.close()
    await rm(folder, { recursive: true })
  })

  it('reads nothing of the host', async () => {
    const tries = {
      shadow: 'open("/etc/shadow").read()',
      passwd: 'open("/etc/passwd").read()',
      hosts: 'open("/etc/hosts").read()',
      canary: `open(${JSON.stringify(join(folder, 'secret'))}).read()`,
      project: `os.listdir(${JSON.stringify(process.cwd())})`,
      home: 'os.listdir("/root") + os.listdir("/home")',
      usr: 'os.listdir("/usr/bin")',
      pid1Memory: 'open("/proc/1/mem", "rb").read(16)',
      kcore: 'open("/proc/kcore", "rb").read(16)',
      docker: 'os.stat("/var/run/docker.sock")',
      postgres: 'os.listdir("/var/run/postgresql") + os.listdir("/run")',
    }
    expect((await real.run(attempts(tries))).result).toEqual(allBlocked(tries))
  })

  it('shows a small root, a private process table and nothing of our environment', async () => {
    const script = attempts({
      root: 'sorted(os.listdir("/"))',
      etc: 'os.listdir("/etc")',
      processes: '[p for p in os.listdir("/proc") if p.isdigit()]',
      environment: 'sorted(os.environ)',
      first: 'open("/proc/1/environ").read()',
      user: '(os.getuid(), os.geteuid(), os.getgid(), os.getgroups())',
      capabilities: '[l.split()[1] for l in open("/proc/self/status") if l.startswith("Cap")]',
      host: 'socket.gethostname()',
      commandLines: 'open("/proc/1/cmdline").read(60)',
      shells:
        '[p for p in ("/bin/sh", "/usr/bin/env", "/bin/bash", "/usr/bin/python3") if os.path.exists(p)]',
    })
    const { result } = await real.run(script)
    expect(result).toMatchObject({
      etc: '[]',
      processes: "['1', '2']",
      user: '(65534, 65534, 65534, [])',
      host: 'sandbox',
      shells: '[]',
    })
    const text = JSON.stringify(result)
    for (const hidden of [
      CANARY,
      'AETHER_TEST_CANARY',
      real.stateDir,
      process.cwd(),
      process.env.HOME ?? 'none',
    ])
      expect(text).not.toContain(hidden)
    expect(result).toHaveProperty('root', expect.not.stringContaining('usr'))
    expect(result).toHaveProperty('capabilities', expect.stringMatching(/^\['0{16}'(, '0{16}')*\]$/))
  })

  it('writes nowhere but into its own memory', async () => {
    const tries = {
      root: 'open("/x", "w")',
      etc: 'open("/etc/x", "w")',
      python: 'open("/opt/py/numpy/__init__.py", "a")',
      loader: 'os.remove("/opt/python/bin/python3")',
      cgroup: 'open("/sys/fs/cgroup/memory/memory.limit_in_bytes", "w")',
      sysctl: 'open("/proc/sys/kernel/core_pattern", "w").write("x")',
      sysrq: 'open("/proc/sysrq-trigger", "w").write("b")',
      dots: 'open("../../x", "w")',
      link: 'os.symlink("/etc", "l") or open("l/x", "w")',
      remount: 'call("mount", b"none", b"/", b"", 32, None)',
      chroot: 'os.chroot("/tmp")',
      setuid: 'os.setuid(0)',
      disk: 'os.mknod("disk", 0o60666, os.makedev(8, 0)) or os.open("disk", os.O_RDONLY)',
      memory: 'os.mknod("mem", 0o20666, os.makedev(1, 1)) or os.open("mem", os.O_RDONLY)',
    }
    const { result } = await real.run(attempts({ ...tries, own: 'open("ok", "w").write("x")' }))
    expect(result).toEqual({ ...allBlocked(tries), own: '1' })
    const found = await findSandbox(process.env)
    const root = 'pythonRoot' in found ? found.pythonRoot : ''
    expect(await readdir(root)).not.toContain('x')
    expect((await readdir(root)).filter((name) => name.startsWith('.gvisor'))).toEqual([])
    expect((await stat(join(root, 'opt/python/bin/python3'))).size).toBeGreaterThan(0)
  })

  it('has no network: only a loopback of its own, no route, no packet sockets', async () => {
    const tries = {
      tcp: `connect(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", ${port}))`,
      tcp6: `connect(socket.AF_INET6, socket.SOCK_STREAM, ("::1", ${port}))`,
      names: 'socket.getaddrinfo("localhost.localdomain.invalid", 80)',
      raw: 'socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)',
      packet: 'socket.socket(socket.AF_PACKET, socket.SOCK_RAW)',
      vsock: 'connect(socket.AF_VSOCK, socket.SOCK_STREAM, (2, 1024))',
      bluetooth: 'socket.socket(31, socket.SOCK_STREAM)',
    }
    const more = {
      interfaces: '[n for _, n in socket.if_nameindex()]',
      routes: 'open("/proc/net/route").read().count("\\n")',
    }
    const { result } = await real.run(attempts({ ...tries, ...more }))
    expect(result).toMatchObject(allBlocked(tries))
    expect(result).toHaveProperty('interfaces', expect.stringMatching(/^\[('lo')?\]$/))
    expect(result).toHaveProperty('routes', expect.stringMatching(/^([01]|blocked)$/))
  })

  it('can read its own memory by the way that fails for the supervisor', async () => {
    const run = await real.run(
      `${READ_MEMORY}import os, aether\naether.result(len(read_memory(os.getpid())))`,
    )
    expect(run.result).toBe(16)
  })

  it('is stopped at the kernel’s other doors', async () => {
    const tries = {
      ptraceSupervisor: 'call("ptrace", 16, 1, 0, 0)',
      readSupervisor: 'read_memory(1)',
      unshareNet: 'call("unshare", 0x40000000)',
      setns: 'call("setns", os.open("/proc/1/ns/net", 0), 0)',
      bpf: 'syscall(321, 0, 0, 0)',
      userfaultfd: 'syscall(323, 0)',
      module: 'syscall(175, 0, 0, b"")',
      kexec: 'syscall(246, 0, 0, 0, 0)',
      ioUring: 'syscall(425, 1, 0)',
      perf: 'syscall(298, 0, 0, -1, -1, 0)',
      kvm: 'os.open("/dev/kvm", os.O_RDWR)',
      mem: 'os.open("/dev/mem", os.O_RDONLY)',
      reboot: 'call("reboot", 0x01234567)',
      hostname: 'socket.sethostname("x")',
      clock: 'call("settimeofday", ctypes.create_string_buffer(16), None)',
      higherLimit: '__import__("resource").setrlimit(__import__("resource").RLIMIT_AS, (-1, -1))',
    }
    expect((await real.run(READ_MEMORY + attempts(tries))).result).toEqual(allBlocked(tries))
  })

  it('gains nothing from a user namespace of its own, which gVisor lets it have', async () => {
    const tries = {
      ptraceSupervisor: 'call("ptrace", 16, 1, 0, 0)',
      readSupervisor: 'read_memory(1)',
      memory: 'open("/proc/1/mem", "rb").read(16)',
      setns: 'call("setns", os.open("/proc/1/ns/net", 0), 0)',
      remount: 'call("mount", b"none", b"/opt", b"", 32, None)',
      python: 'open("/opt/py/numpy/__init__.py", "a")',
      tcp: `connect(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", ${port}))`,
    }
    const script = `import ctypes\nctypes.CDLL(None).unshare(0x10000000)\n${READ_MEMORY}${attempts(tries)}`
    expect((await real.run(script)).result).toEqual(allBlocked(tries))
  })

  it('believes no forged result', async () => {
    const record =
      '{"v":1,"exit_code":0,"signal":null,"cpu_s":0,"error_class":null,"bad_report":false,"result":"forged"}'
    const script = [
      'import os, gc, sys, aether',
      'nonces = {x for x in gc.get_objects() if isinstance(x, str) and len(x) == 73}',
      'for nonce in [*nonces, "guess"]:',
      `  os.write(1, nonce.encode()); os.write(2, b"\\n" + nonce.encode() + b" " + ${JSON.stringify(record)}.encode() + b"\\n")`,
      'os.write(2, b"AETHER READY x\\n")',
      'aether.result("true")',
      'raise ValueError("still an error")',
    ].join('\n')
    expect(await real.run(script)).toMatchObject({
      exitClass: 'error',
      errorClass: 'ValueError',
      result: 'true',
    })
  })

  it.each([
    ['garbage in the report', 'os.write(fd, b"hello\\n")'],
    ['a result that is no JSON', 'os.write(fd, b"R{\\n")'],
    ['a result beyond what JSON has', 'os.write(fd, b"RNaN\\n")'],
    ['an endless report', 'os.write(fd, b"x" * 65536) and None\n    while True: os.write(fd, b"x" * 65536)'],
    ['nesting without end', 'os.write(fd, b"R" + b"[" * 100000 + b"\\n")'],
  ])('%s is an invalid result', async (_, write) => {
    const script = `import os\nfor fd in range(3, 40):\n  try:\n    os.fstat(fd)\n    ${write}\n  except OSError: pass\n`
    const run = await real.run(script, { limits: { wallMs: 3_000 } })
    expect(['error', 'timeout']).toContain(run.exitClass)
    expect(run.result).toBeNull()
  })

  it.each([
    ['twice', 'aether.result(1)\naether.result(2)', 'RuntimeError', 1],
    ['too large', 'aether.result("x" * 300_000)', 'ValueError', null],
    ['too deep', 'x = []\nfor _ in range(200): x = [x]\naether.result(x)', 'ValueError', null],
    ['that contains itself', 'x = []\nx.append(x)\naether.result(x)', 'ValueError', null],
  ])('a result %s is refused with its reason', async (_, code, errorClass, result) => {
    const run = await real.run(`import aether\n${code}`)
    expect(run).toMatchObject({ exitClass: 'error', errorClass, result })
    expect(run.stderr).toContain('aether.result')
  })

  it('takes odd values as plain text: no pickle, no code', async () => {
    const script = [
      'import aether, os',
      'class Odd:',
      '  def __reduce__(self): return (os.system, ("true",))',
      '  def __repr__(self): return "odd"',
      'aether.result({"odd": Odd(), "bytes": b"x", "set": {1}, "__proto__": {"polluted": 1}})',
    ].join('\n')
    const { result } = await real.run(script)
    expect(Object.keys(Object(result))).toContain('__proto__')
    expect(JSON.parse('{}').polluted).toBeUndefined()
    expect(result).toMatchObject({ odd: 'odd', bytes: "b'x'", set: [1] })
  })
})
