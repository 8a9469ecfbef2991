"""`/metrics`: a few numbers for a monitor, as Prometheus reads them; none is about a reader.

Only `server.metrics_for` reads it; for everybody else there is no such page.
"""

import shutil
from collections.abc import Iterator
from ipaddress import ip_network
from typing import TYPE_CHECKING

from flask import Blueprint, Request, Response, abort, request
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

import answerloop
from answerloop import proxies
from answerloop.web import guards
from feedback import backlog, backups

if TYPE_CHECKING:
    from answerloop.web.service import Service

_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded")


def blueprint(service: "Service") -> Blueprint:
    routes = Blueprint("metrics", __name__)
    # Not the one of the library, which all services of a process would share.
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Gauges(service))
    ProcessCollector(registry=registry)
    readers = tuple(map(ip_network, service.settings.server.metrics_for))

    @routes.get("/metrics")
    def show() -> Response:
        if not _may_read(request, service, readers):
            abort(404)
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)

    return routes


def _may_read(asked: Request, service: "Service", readers: tuple[proxies.Network, ...]) -> bool:
    """Whether it comes from there. Behind a proxy that nobody named all would seem to."""
    address = guards.address_of(asked, service.trusted_proxies)
    is_passed_on = any(name in asked.headers for name in _FORWARDED)
    if is_passed_on and address == asked.remote_addr:
        return False
    return proxies.is_trusted(address, readers)


class _Gauges(Collector):
    """What the service counts at the moment that a monitor asks."""

    def __init__(self, service: "Service") -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        service = self._service
        with service.database.read() as db:
            now = backlog.read(db)
        state = service.settings.state_dir
        about = {"version": answerloop.__version__, "build": service.reader.build}
        yield InfoMetricFamily("answerloop", "The release and the version that is served.", about)
        items = GaugeMetricFamily(
            "answerloop_items_open", "Items of the queue, by lane.", labels=["lane"]
        )
        for lane, count in now.open.items():
            items.add_metric([lane], count)
        yield items
        counts = {
            "answerloop_writes_waiting": ("Writes in the queue.", service.writer.waiting),
            "answerloop_items_watched": ("Items mended and being watched.", now.watching),
            "answerloop_gaps_open": ("What readers could not find.", now.gaps),
            "answerloop_messages_waiting": ("Messages being tried.", now.waiting),
            "answerloop_messages_given_up": ("Dead letters.", now.given_up),
            "answerloop_disk_free_bytes": (
                "Room on the disk of var/.",
                shutil.disk_usage(state).free,
            ),
        }
        for name, (says, count) in counts.items():
            yield GaugeMetricFamily(name, says, count)
        if copied := backups.newest(state / "backups"):
            says = "When the newest copy in var/backups was made."
            yield GaugeMetricFamily("answerloop_backup_timestamp_seconds", says, copied.timestamp())
