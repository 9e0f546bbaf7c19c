import { HELPER_SCRIPT } from './helper-script.ts'

/**
 * The first program in each sandbox, in Python, given to the interpreter as an argument.
 *
 * Process 1 is a small supervisor; the script runs in a child that is forked before the job arrives, so the child's memory
 * never holds the nonce. What goes over the three pipes:
 * - stdin: an empty line asks for the ready line again (a restored sandbox does not repeat it); then one line of JSON, the job `{nonce, code, files: [{name, data}], cpu_s, memory_mb}` (`data` is base64). Its end
 *   before the job's end means that the runner is gone: everything in the sandbox is killed.
 * - stderr: `AETHER READY <gVisor's boot message>` once the imports are done; `<nonce> started\n` when the files are in place,
 *   before the script can write; then the script's own; then, after every other process in the sandbox is dead,
 *   `\n<nonce> <end record as JSON>\n`.
 * - stdout: the script's own, then `<nonce>`.
 * The names of preloaded modules come as the argument.
 */
export const BOOT_SCRIPT = String.raw`
import base64, ctypes, errno, json, os, select, signal, stat, sys, time

RESULT_LIMIT = 262144
METRICS_LIMIT = 200
METRIC_BYTES = 2048
ARTIFACT_COUNT = 16
ARTIFACT_BYTES = 1048576
ARTIFACTS_BYTES = 4194304
JOB = '/tmp/work'
HELPER = r'''
${HELPER_SCRIPT}'''


def write_all(fd, data):
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view):]


def read_exactly(fd, size):
    parts = []
    while size > 0:
        part = os.read(fd, min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b''.join(parts)


def kernel_message():
    """gVisor's own kernel log begins with its name; Linux's does not. Nothing runs without it."""
    text = ctypes.create_string_buffer(4096)
    size = ctypes.CDLL(None).klogctl(3, text, 4096)
    return text.raw[:max(size, 0)].decode('ascii', 'replace')


def say_ready():
    write_all(2, b'AETHER READY ' + kernel_message().split('\n')[0].encode() + b'\n')


# ---- the child: imports, waits for its job, runs it

def make_helper(report):
    import types
    helper = types.ModuleType('aether', 'Reports what an analysis script found.')
    helper.__dict__['_report'] = lambda kind, data: write_all(report, kind + data + b'\n')
    exec(compile(HELPER, 'aether.py', 'exec'), helper.__dict__)
    return helper


def exercise(preload):
    """Does a little of everything, so that what a job needs is in memory: after a restore each page is fetched when it is touched."""
    import gc, io, traceback
    gc.collect()
    if 'pandas' in preload:
        import pandas
        frame = pandas.read_csv(io.StringIO('at,value\n2026-01-01,1.5\n2026-01-02,2.5\n'), parse_dates=['at'])
        frame.groupby(frame['at'].dt.day)['value'].sum().describe()
    exec(compile('x = [str(i) for i in range(10)]', 'x', 'exec'), {})


def child(preload, commands, report):
    null = os.open('/dev/null', os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    code = 1
    try:
        import linecache, random, resource, traceback
        sys.path.append('/opt/py')
        for name in preload:
            __import__(name)
        helper = make_helper(report)
        size = bytes(8)
        while size == bytes(8):
            exercise(preload)
            write_all(report, b'READY\n')
            size = read_exactly(commands, 8)
        text = read_exactly(commands, int.from_bytes(size, 'big')) if size else None
        if text is None:
            os._exit(0)
        job = json.loads(text)
        os.close(commands)
        os.chdir(JOB)
        # clones of one checkpoint share the state of these generators
        random.seed(int.from_bytes(os.urandom(8), 'big'))
        if 'numpy' in sys.modules:
            sys.modules['numpy'].random.seed(int.from_bytes(os.urandom(4), 'big'))
        import builtins
        builtins.exit = builtins.quit = sys.exit
        # so that what was printed is there when the script is stopped, without a write for each piece of a line
        sys.stdout.reconfigure(line_buffering=True)
        sys.modules['aether'] = helper
        # lines in a traceback come from here, for there is no file of that name
        linecache.cache['script.py'] = (len(job['code']), None, job['code'].splitlines(True), 'script.py')
        memory = min(job['memory_mb'] << 20, resource.getrlimit(resource.RLIMIT_AS)[1])
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        # the imports above have used processor time that is not the script's
        used = resource.getrusage(resource.RUSAGE_SELF)
        cpu = int(used.ru_utime + used.ru_stime) + 1 + job['cpu_s']
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
        import types
        main = types.ModuleType('__main__')
        main.__file__ = 'script.py'
        sys.modules['__main__'] = main
        sys.argv = ['script.py']
        exec(compile(job['code'], 'script.py', 'exec'), main.__dict__)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        if code and not isinstance(end.code, int):
            print(end.code, file=sys.stderr)
        if code:
            note(report, 'SystemExit')
    except BaseException as fault:
        note(report, 'MemoryError' if isinstance(fault, MemoryError) else type(fault).__name__)
        show(fault)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        code = code or 1
    os._exit(code & 255)


def note(report, name):
    write_all(report, b'E' + name.encode('utf-8', 'replace')[:200] + b'\n')


def show(fault):
    """The traceback, without the frames of this program."""
    import traceback
    try:
        lines = traceback.TracebackException.from_exception(fault)
        while lines.stack and lines.stack[0].filename == '<string>':
            del lines.stack[0]
        sys.stderr.write(''.join(lines.format()))
    except BaseException:
        os.write(2, type(fault).__name__.encode('utf-8', 'replace') + b'\n')


# ---- process 1: hands the job over, watches, reports

class Input:
    """The job's one line, as it comes in; an empty line before it asks whether we live, as after a restore. After it nothing follows, so the end of stdin means that the runner is gone."""

    def __init__(self):
        self.parts = []
        self.job = None
        self.asked = False

    def receive(self):
        part = os.read(0, 1 << 20)
        if not part:
            end_everything()
            os._exit(0)
        if self.job is not None:
            return
        if not self.parts and part[:1] == b'\n':
            self.asked = True
            part = part[1:]
        if part:
            self.parts.append(part)
            if part.endswith(b'\n'):
                self.job = json.loads(b''.join(self.parts))
                self.parts = None


def place(files):
    for entry in files:
        name = entry['name']
        if not name or '/' in name or '\0' in name or name in ('.', '..'):
            raise ValueError('file name')
        with open(JOB + '/' + name, 'xb') as out:
            out.write(base64.b64decode(entry['data']))


def end_everything():
    """Kills all other processes, daemons too, and reaps them; a fork bomb may need more than one round."""
    for _ in range(200):
        try:
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:
            pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0] != 0:
                pass
        except ChildProcessError:
            return
        time.sleep(0.005)


def collect():
    """The files that the script left in artifacts/ (no links, no folders), as far as the caps allow, and what they left out."""
    kept, left, total = [], [], 0
    try:
        folder = os.open(JOB + '/artifacts', os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return kept, left
    with os.scandir(folder) as entries:
        names = sorted(entry.name for _, entry in zip(range(2000), entries))
    for name in names:
        if len(kept) == ARTIFACT_COUNT:
            left.append({'name': '', 'reason': 'more than %d artifacts' % ARTIFACT_COUNT})
            break
        try:
            fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        except OSError:
            left.append({'name': name, 'reason': 'not a plain file'})
            continue
        size = os.fstat(fd).st_size
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            left.append({'name': name, 'reason': 'not a plain file'})
        elif size > ARTIFACT_BYTES or total + size > ARTIFACTS_BYTES:
            left.append({'name': name, 'reason': 'too large'})
        else:
            data = read_exactly(fd, size) or b''
            total += len(data)
            kept.append({'name': name, 'data': base64.b64encode(data).decode()})
        os.close(fd)
        if len(left) == 2 * ARTIFACT_COUNT:
            break
    return kept, left


class Report:
    """What the child says: READY, R<result>, M<metric>, E<error class>. It is the script's own process, so nothing is believed."""

    def __init__(self):
        self.buffer = b''
        self.ready = False
        self.result = None
        self.metrics = []
        self.error = None
        self.bad = False

    def feed(self, data):
        if self.bad:
            return
        self.buffer += data
        while b'\n' in self.buffer:
            line, self.buffer = self.buffer.split(b'\n', 1)
            if line == b'READY':
                self.ready = True
            elif line[:1] == b'E' and self.error is None:
                self.error = line[1:].decode('utf-8', 'replace')
            elif line[:1] == b'R' and self.result is None and self.is_json(line[1:]):
                self.result = line[1:].decode()
            elif line[:1] == b'M' and self.is_metric(line[1:]):
                self.metrics.append(line[1:].decode())
            else:
                self.bad = True
                return
        if len(self.buffer) > RESULT_LIMIT + 1:
            self.bad = True

    def is_metric(self, text):
        return len(text) <= METRIC_BYTES and len(self.metrics) < METRICS_LIMIT and self.is_json(text)

    def is_json(self, text):
        def refuse(_):
            raise ValueError
        try:
            json.loads(text, parse_constant=refuse)
            return len(text) <= RESULT_LIMIT
        except (ValueError, RecursionError):
            return False


def supervise(pid, report_fd, wake_fd, report, job_input, until):
    """Waits until the condition holds (None then) or for the child's end (its status and usage)."""
    poller = select.poll()
    for fd in (report_fd, wake_fd, 0):
        poller.register(fd, select.POLLIN)
    while not until():
        for fd, event in poller.poll(1000):
            if fd == 0:
                job_input.receive()
            if fd == wake_fd:
                os.read(wake_fd, 64)
            if fd == report_fd:
                drain(report_fd, report)
                if event & select.POLLHUP and not event & select.POLLIN:
                    poller.unregister(report_fd)
        done, status, usage = os.wait4(pid, os.WNOHANG)
        if done == pid:
            drain(report_fd, report)
            return status, usage
    return None


def drain(fd, report):
    while True:
        try:
            data = os.read(fd, 1 << 16)
        except BlockingIOError:
            return
        if not data:
            return
        report.feed(data)


def main():
    if 'Starting gVisor' not in kernel_message():
        os.write(2, b'AETHER REFUSED this is not gVisor\n')
        os._exit(97)
    preload = [name for name in sys.argv[1].split(',') if name]
    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_read, False)
    os.set_blocking(wake_write, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    command_read, command_write = os.pipe()
    report_read, report_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for fd in (wake_read, wake_write, command_write, report_read):
            os.close(fd)
        child(preload, command_read, report_write)
    os.close(command_read)
    os.close(report_write)
    os.set_blocking(report_read, False)
    os.mkdir(JOB, 0o777)
    report = Report()
    job_input = Input()
    watch = (pid, report_read, wake_read, report, job_input)
    ended = supervise(*watch, lambda: report.ready)
    if ended is not None:
        # the imports failed: what they said is on stderr, and there is nothing to wait for
        os._exit(98)
    say_ready()
    while ended is None:
        ended = supervise(*watch, lambda: job_input.job is not None or job_input.asked)
        if ended is not None or not job_input.asked:
            break
        job_input.asked = report.ready = False
        json.loads(json.dumps({'x': base64.b64decode(base64.b64encode(b'x' * 99)).decode()}))
        write_all(command_write, bytes(8))
        ended = supervise(*watch, lambda: report.ready)
        if ended is None:
            say_ready()
    while job_input.job is None:
        job_input.receive()
    job = job_input.job
    nonce = job['nonce'].encode()
    if ended is None:
        fault = None
        try:
            place(job['files'])
        except OSError as problem:
            fault = errno.errorcode.get(problem.errno, 'OSError')
        if fault is None:
            text = json.dumps({name: job[name] for name in ('code', 'cpu_s', 'memory_mb')}).encode()
            write_all(2, nonce + b' started\n')
            try:
                write_all(command_write, len(text).to_bytes(8, 'big') + text)
            except BrokenPipeError:
                pass
            ended = supervise(*watch, lambda: False)
    end_everything()
    kept, left = collect()
    record = {'v': 1, 'exit_code': 1, 'signal': None, 'cpu_s': 0, 'error_class': report.error,
              'bad_report': report.bad, 'artifacts': kept, 'artifacts_left': left}
    if ended is None:
        record['error_class'] = 'FilesDoNotFit'
    else:
        status, usage = ended
        record['cpu_s'] = round(usage.ru_utime + usage.ru_stime, 3)
        if os.WIFSIGNALED(status):
            record['signal'] = signal.Signals(os.WTERMSIG(status)).name
            record['exit_code'] = 128 + os.WTERMSIG(status)
        else:
            record['exit_code'] = os.WEXITSTATUS(status)
    # what was reported was checked to be JSON and goes on as it is, so that no number is rounded on its way
    text = json.dumps(record)[:-1] + ', "metrics": [' + ','.join(report.metrics) + ']'
    text += ', "result": ' + (report.result or 'null') + '}'
    write_all(1, nonce)
    write_all(2, b'\n' + nonce + b' ' + text.encode() + b'\n')
    os._exit(0)


main()
`
