"""A disk whose every sync takes longer, for a program that is started upon it.

A few lines of C come before the C library's own `fsync` and `fdatasync`; nothing else that the
program does is looked at. (A tracer such as strace holds up its threads as well, and those of a
program with many threads most.) Linux, with a C compiler; Debian: apt-get install gcc libc6-dev.
"""

import shutil
import subprocess
from pathlib import Path

_SOURCE = """\
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int late(const char *name, int file) {
    int (*sync)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    int result = sync(file);
    long more = atol(getenv("SLOW_DISK_NANOSECONDS"));
    struct timespec pause = {more / 1000000000, more % 1000000000};
    nanosleep(&pause, NULL);
    return result;
}

int fsync(int file) { return late("fsync", file); }
int fdatasync(int file) { return late("fdatasync", file); }
"""


def environment(folder: Path, milliseconds: float) -> dict[str, str]:
    """What to start a program with; the library is made in `folder` if it is not there."""
    if not milliseconds:
        return {}
    library = folder / "slow_disk.so"
    if not library.exists():
        _compile(folder / "slow_disk.c", library)
    return {
        "LD_PRELOAD": str(library),
        "SLOW_DISK_NANOSECONDS": str(round(milliseconds * 1_000_000)),
    }


def _compile(source: Path, library: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        raise SystemExit("No C compiler (cc). On Debian: apt-get install gcc libc6-dev")
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(_SOURCE, encoding="utf-8")
    command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(source), "-ldl"]
    subprocess.run(command, check=True)
