"""The process: one socket, one application; threads that write, judge, deliver, do chores."""

import ctypes
import gc
import logging
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any

from waitress.server import create_server

from answerloop.errors import ServiceError
from answerloop.settings import Settings
from answerloop.web import accesslog, connections, create_app, upkeep, voting
from answerloop.web.chores import Round
from answerloop.web.connections import Connection, Dispatcher
from answerloop.web.service import Clock, Service, system_clock
from feedback.express import Express

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_CONNECTIONS = 4000
_CONNECTIONS_OF_SELECT = 400
_FEWEST = 50
_HEAPS = ((-8, 2), (-3, 1024 * 1024))
"""M_ARENA_MAX and M_MMAP_THRESHOLD of glibc's malloc.h."""
_OTHER_FILES = 250
"""What the process opens besides connections: index, database, pages being sent."""
_PATIENCE = 30
"""Seconds after which a connection that says nothing is closed."""
_TURN = 0.0005
"""Seconds that a busy thread keeps the interpreter while others wait for it: a tenth of the usual.

A question passes from thread to thread, and each would wait so long for one that works.
"""


def listen(host: str, port: int) -> socket.socket:
    """The socket of the service, before any work is done for it.

    Raises ServiceError when the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)  # two processes may bind with SO_REUSEADDR, but only one may listen
    except (OSError, OverflowError) as problem:
        listener.close()
        reason = getattr(problem, "strerror", None) or str(problem)
        raise ServiceError(
            f"{host}:{port}: cannot listen there: {reason}. "
            "Choose another with `--host` and `--port`, or stop the program that uses it."
        ) from None
    return listener


def run(
    settings: Settings,
    listener: socket.socket,
    ready: Callable[[Service], None],
    clock: Clock = system_clock,
) -> None:
    """Serve until SIGTERM or Ctrl+C. `ready` is called once requests are taken."""
    _share_heaps()
    with (
        closing(Service.open(settings, clock)) as service,
        service.judge.running(),
        service.courier.running(),
    ):
        app, votes = create_app(service), voting.express(service)
        server = around(app, listener, threads=settings.server.threads, votes=votes)
        signal.signal(signal.SIGTERM, _stop)
        # It says a line for each request that waits: thousands in the second that needs them least.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        if settings.server.access_log:
            accesslog.write_to(sys.stderr)
        sys.setswitchinterval(_TURN)
        _set_aside()
        ready(service)
        # Only now: at the start they would take its time, and what they open must not be set aside.
        with Round(upkeep.chores(service), clock).running():
            try:
                server.run()
            finally:
                server.close()


def around(
    app: "WSGIApplication", listener: socket.socket, *, threads: int, votes: Express | None = None
) -> Any:
    """Waitress around an application; it serves once it is run. `votes` takes those it can."""
    dispatcher = Dispatcher(votes)
    dispatcher.set_thread_count(threads)
    server = create_server(
        app,
        sockets=[listener],
        _dispatcher=dispatcher,
        connection_limit=_room_for_connections(),
        channel_timeout=_PATIENCE,
        asyncore_use_poll=sys.platform != "win32",  # select() ends at 1,024 open files
        ident=None,
        clear_untrusted_proxy_headers=False,
        max_request_body_size=1024 * 1024,
    )
    server.channel_class = Connection
    server.adj.send_bytes = connections.PIECE  # as an argument it is called deprecated
    return server


def _share_heaps() -> None:
    """Let all threads have their memory from two heaps, and give long pieces back once freed.

    By default glibc makes a heap for each thread, and what one has freed no other can use.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return  # another C library, which has its own ways
    for option, value in _HEAPS:
        mallopt(option, value)


def _set_aside() -> None:
    """Spare the garbage collector what stays for good: modules, routes, models.

    To look through them took 70 ms, in which everybody waited. Versions of the index come later
    and go one day, so they must not be among them.
    """
    gc.collect()
    gc.freeze()


def _room_for_connections() -> int:
    """So many that clients which say nothing keep nobody out, yet no more than the system lets.

    Asks it for more first: the usual limit is 1,024 open files.
    """
    if sys.platform == "win32":
        return _CONNECTIONS_OF_SELECT
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS + _OTHER_FILES
    if 0 <= files < wanted:  # below 0 stands for no limit
        files = min(wanted, most) if most >= 0 else wanted
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    return max(min(wanted, files) - _OTHER_FILES, _FEWEST) if files >= 0 else _CONNECTIONS


def _stop(_signal: int, _frame: object) -> None:
    raise SystemExit(0)
