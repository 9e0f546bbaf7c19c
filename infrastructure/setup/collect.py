"""Copies the interpreter that runs this, its standard library and the shared libraries it needs into ROOT, as a small
file system of its own: /opt/python/bin/python3, /opt/python/lib, packages in /opt/py, the loader at its usual path.

Usage: python3 -I collect.py ROOT [--own] [--zoneinfo FOLDER]
--own also copies the interpreter's own NumPy and pandas with what they need, instead of packages already in ROOT/opt/py.
Prints one line of JSON: {"version", "packages"}.
"""

import ctypes
import glob
import json
import os
import shutil
import sys
import sysconfig

LEFT_OUT = (
    'test', 'tests', 'idlelib', 'tkinter', 'turtledemo', 'turtle.py', 'lib2to3', 'ensurepip', 'pydoc_data',
    'site-packages', 'dist-packages', 'config-*', '_tkinter*', '_test*', '*.a', '*.exe',
)

NOT_PACKAGES = ('__main__', 'sitecustomize', 'usercustomize', '_distutils_hack')


def copy_folder(source, target):
    shutil.copytree(source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=False,
                    ignore_dangling_symlinks=True)


def copy_standard_library(root):
    version = f'python{sys.version_info[0]}.{sys.version_info[1]}'
    target = os.path.join(root, 'opt/python/lib', version)
    for name in ('stdlib', 'platstdlib'):
        source = sysconfig.get_path(name)
        if source and os.path.isdir(source):
            copy_folder(source, target)
    os.makedirs(os.path.join(root, 'opt/python/bin'), exist_ok=True)
    base = os.path.realpath(getattr(sys, '_base_executable', None) or sys.executable)
    shutil.copy2(base, os.path.join(root, 'opt/python/bin/python3'))


def copy_own_packages(root):
    """The top-level modules that importing pandas brings along from outside the standard library."""
    import numpy  # noqa: F401
    import pandas  # noqa: F401

    library = [os.path.realpath(sysconfig.get_path(n)) + os.sep for n in ('stdlib', 'platstdlib')]
    site = ('site-packages', 'dist-packages')
    target = os.path.join(root, 'opt/py')
    os.makedirs(target, exist_ok=True)
    for name in ('tzdata', 'pytz', 'dateutil'):
        try:
            __import__(name)
        except ImportError:
            pass
    for name, module in sorted(sys.modules.items()):
        path = getattr(module, '__file__', None)
        if '.' in name or not path or name in NOT_PACKAGES:
            continue
        real = os.path.realpath(path)
        if any(real.startswith(p) for p in library) and not any(part in real.split(os.sep) for part in site):
            continue
        if os.path.basename(path).startswith('__init__.'):
            folder = os.path.dirname(path)
            shutil.copytree(folder, os.path.join(target, name), dirs_exist_ok=True,
                            ignore=shutil.ignore_patterns('tests'))
            if os.path.isdir(f'{folder}.libs'):
                shutil.copytree(f'{folder}.libs', os.path.join(target, f'{name}.libs'), dirs_exist_ok=True)
        else:
            shutil.copy2(path, target)


class PhdrInfo(ctypes.Structure):
    _fields_ = [('address', ctypes.c_void_p), ('name', ctypes.c_char_p)]


def loaded_libraries():
    names = []
    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(PhdrInfo), ctypes.c_size_t, ctypes.c_void_p)

    def visit(info, _size, _data):
        if info.contents.name:
            names.append(os.fsdecode(info.contents.name))
        return 0

    ctypes.CDLL(None).dl_iterate_phdr(kind(visit), None)
    return names


def copy_libraries(root):
    """Loads every extension module that was copied, so that the loader itself says which libraries they need."""
    library = os.path.join(root, 'opt/python/lib')
    for path in glob.glob(os.path.join(root, 'opt/**/*.so*'), recursive=True):
        try:
            ctypes.CDLL(path, mode=os.RTLD_LAZY)
        except OSError:
            # A module for something that this machine lacks; nothing else may need it.
            pass
    for name in loaded_libraries():
        if name.startswith(root + os.sep) or not os.path.isfile(name):
            continue
        base = os.path.basename(name)
        if base.startswith('ld-'):
            # The kernel starts a program through the loader's absolute path, which is fixed for each architecture.
            place = {'ld-linux-x86-64.so.2': 'lib64', 'ld-linux-aarch64.so.1': 'lib'}.get(base, 'lib')
            os.makedirs(os.path.join(root, place), exist_ok=True)
            shutil.copy2(name, os.path.join(root, place, base))
        elif base.startswith('lib') and '.cpython-' not in base and '.abi3.' not in base:
            shutil.copy2(name, os.path.join(library, base))


def remove_tests(root):
    """The packages' own tests are a third of them, and no script needs them."""
    for folder in glob.glob(os.path.join(root, 'opt/py/**/tests'), recursive=True):
        shutil.rmtree(folder, ignore_errors=True)


def main(argv):
    root = os.path.realpath(argv[0])
    own = '--own' in argv
    copy_standard_library(root)
    if own:
        copy_own_packages(root)
    sys.path.insert(0, os.path.join(root, 'opt/py'))
    for name in [n for n in sys.modules if n.split('.')[0] in ('numpy', 'pandas')]:
        if not own:
            del sys.modules[name]
    import numpy
    import pandas

    remove_tests(root)
    copy_libraries(root)
    if '--zoneinfo' in argv:
        source = argv[argv.index('--zoneinfo') + 1]
        if os.path.isdir(source) and not os.path.isdir(os.path.join(root, 'opt/py/tzdata')):
            shutil.copytree(source, os.path.join(root, 'usr/share/zoneinfo'), dirs_exist_ok=True,
                            ignore=shutil.ignore_patterns('right', 'posix'), ignore_dangling_symlinks=True)
    # Mount points must be there: runsc would create missing ones in this folder.
    for name in ('proc', 'sys', 'dev', 'tmp', 'etc'):
        os.makedirs(os.path.join(root, name), exist_ok=True)
    print(json.dumps({
        'version': '.'.join(str(n) for n in sys.version_info[:3]),
        'packages': {'numpy': numpy.__version__, 'pandas': pandas.__version__},
    }))


main(sys.argv[1:])
