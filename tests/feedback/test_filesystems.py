from pathlib import Path

import pytest

from feedback import filesystems

MOUNTS = r"""
/dev/vda / ext4 rw 0 0
server:/export /srv nfs4 rw 0 0
/dev/vdb /srv/local ext4 rw 0 0
//nas/team /mnt/our\040share cifs rw 0 0
me@far:/ /data/far fuse.sshfs rw 0 0
/dev/vdc /twice ext4 rw 0 0
server:/other /twice nfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/kb", ""),
        ("/srv/kb/var", "nfs4"),
        ("/srv/local/kb/var", ""),
        ("/srvother/kb", ""),
        ("/mnt/our share/kb", "cifs"),
        ("/data/far/kb", "fuse.sshfs"),
        ("/twice/kb", "nfs"),
    ],
)
def test_the_nearest_and_latest_mount_decides(path: str, kind: str) -> None:
    assert filesystems.network_of(Path(path), MOUNTS) == kind


def test_this_machine_keeps_its_temporary_files_on_a_disk(tmp_path: Path) -> None:
    assert filesystems.network_of(tmp_path) == ""
