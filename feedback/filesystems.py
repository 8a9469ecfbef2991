"""On what kind of file system a file lies: SQLite's locks hold on a disk, not on a network."""

from pathlib import Path

NETWORKED = frozenset(
    {
        "9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "gfs2", "glusterfs", "lustre",
        "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "smb3", "smbfs", "sshfs",
        "fuse.ceph-fuse", "fuse.cifs", "fuse.davfs2", "fuse.gcsfuse", "fuse.glusterfs",
        "fuse.goofys", "fuse.nfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs",
    }
)  # fmt: skip
"""As Linux names them in its table of mounts."""

_MOUNTS = Path("/proc/self/mounts")


def network_of(path: Path, mounts: str | None = None) -> str:
    """The kind of network file system that `path` lies on; empty on a disk, or if nobody knows.

    `mounts` is Linux's table of mounts, by default the one of this machine.
    """
    if mounts is None:
        try:
            mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return ""
    place = path.resolve()
    found, kind = Path("/"), ""
    for line in mounts.splitlines():
        _, where, type_, *_ = (*line.split(" "), "", "")
        mounted = Path(_unescaped(where))
        if place.is_relative_to(mounted) and mounted.is_relative_to(found):
            found, kind = mounted, type_  # the later of two mounts on one place hides the other
    return kind if kind in NETWORKED else ""


def _unescaped(where: str) -> str:
    """Blank, tabulator, new line and backslash stand there as octal numbers."""
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        where = where.replace(code, character)
    return where
