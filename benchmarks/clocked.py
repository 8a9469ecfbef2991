"""The real service with a clock that a journey can turn.

    python -m benchmarks.clocked ROOT CLOCK

Builds the content repository at ROOT if it is stale and serves it on a free port. The time is
read from the file CLOCK, an ISO date and time; whoever writes that file turns the clock. Prints
the address, then `kb serve`'s own words.
"""

import os
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from answerloop import builds, installation, settings
from answerloop.desk import accounts
from answerloop.web import server
from answerloop.web.service import Service


def clock_of(file: Path) -> Callable[[], datetime]:
    """The time in `file`, read anew at each call."""
    return lambda: datetime.fromisoformat(file.read_text(encoding="utf-8"))


def main(root: str, clock_file: str) -> None:
    clock = clock_of(Path(clock_file))
    known = settings.load(Path(root), os.environ)
    with closing(server.listen("127.0.0.1", 0)) as listener:
        if installation.is_stale(known):
            builds.build(known, clock(), lambda _what, _share: None, keep_going=True)
        port = listener.getsockname()[1]

        def ready(service: Service) -> None:
            password = accounts.first_user(service.database, "admin", clock())
            print(f"http://127.0.0.1:{port} {password}", flush=True)

        server.run(known, listener, ready, clock)


if __name__ == "__main__":
    main(*sys.argv[1:])
