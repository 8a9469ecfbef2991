"""`/metrics`: a few numbers for a monitor, as Prometheus reads them; none is about a reader.

Only `server.metrics_for` reads it; for everybody else there is no such page.
"""

import os
import shutil
import time
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Request, Response, abort, request

import answerloop
from answerloop import proxies
from answerloop.web import guards
from feedback import backlog, backups

if TYPE_CHECKING:
    from answerloop.web.service import Service

_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded")


def blueprint(service: "Service") -> Blueprint:
    routes = Blueprint("metrics", __name__)
    readers = tuple(map(ip_network, service.settings.server.metrics_for))

    @routes.get("/metrics")
    def show() -> Response:
        if not _may_read(request, service, readers):
            abort(404)
        return Response("".join(_lines(service)), content_type=_TYPE)

    return routes


def _may_read(asked: Request, service: "Service", readers: tuple[proxies.Network, ...]) -> bool:
    """Whether it comes from there. Behind a proxy that nobody named all would seem to."""
    address = guards.address_of(asked, service.trusted_proxies)
    is_passed_on = any(name in asked.headers for name in _FORWARDED)
    if is_passed_on and address == asked.remote_addr:
        return False
    return proxies.is_trusted(address, readers)


def _lines(service: "Service") -> Iterator[str]:
    with service.database.read() as db:
        now = backlog.read(db)
    state = service.settings.state_dir
    about = {"version": answerloop.__version__, "build": service.reader.build}
    yield from _gauge("answerloop_info", "The release and the version that is served.", 1, about)
    yield from _gauge("answerloop_writes_waiting", "Writes in the queue.", service.writer.waiting)
    yield "# HELP answerloop_items_open Items of the queue, by lane.\n"
    yield "# TYPE answerloop_items_open gauge\n"
    for lane, count in now.open.items():
        yield _sample("answerloop_items_open", count, {"lane": lane})
    yield from _gauge("answerloop_items_watched", "Items mended and being watched.", now.watching)
    yield from _gauge("answerloop_gaps_open", "What readers could not find.", now.gaps)
    yield from _gauge("answerloop_messages_waiting", "Messages being tried.", now.waiting)
    yield from _gauge("answerloop_messages_given_up", "Dead letters.", now.given_up)
    copied = backups.newest(state / "backups")
    if copied is not None:
        said = "When the newest copy in var/backups was made."
        yield from _gauge("answerloop_backup_timestamp_seconds", said, int(copied.timestamp()))
    free = shutil.disk_usage(state).free
    yield from _gauge("answerloop_disk_free_bytes", "Room on the disk of var/.", free)
    memory = _memory()
    if memory:
        yield from _gauge("process_resident_memory_bytes", "Memory of the process.", memory)
    yield "# HELP process_cpu_seconds_total Time the process has computed.\n"
    yield "# TYPE process_cpu_seconds_total counter\n"
    yield _sample("process_cpu_seconds_total", time.process_time(), {})


def _gauge(
    name: str, says: str, value: float, labels: Mapping[str, str] | None = None
) -> Iterator[str]:
    yield f"# HELP {name} {says}\n# TYPE {name} gauge\n"
    yield _sample(name, value, labels or {})


def _sample(name: str, value: float, labels: Mapping[str, str]) -> str:
    """Labels are words of ours, or hexadecimal: none needs to be escaped."""
    inside = ",".join(f'{label}="{word}"' for label, word in labels.items())
    return f"{name}{{{inside}}} {value}\n" if inside else f"{name} {value}\n"


def _memory() -> int:
    """Resident bytes; 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
