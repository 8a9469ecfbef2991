"""`/metrics`: what a monitor reads, and who may."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from answerloop.sections import ServerSettings
from answerloop.web.service import Service
from feedback import reports
from feedback.model import ArticleId, ArticleKey, Reason
from feedback.reports import Report
from tests import applications
from tests.answerloop.builders import NOW, built, repository

PROXY = ServerSettings(trusted_proxies=("127.0.0.1/32",), metrics_for=("10.1.0.0/16",))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    built(repository(tmp_path, {"en/a.md": "---\nid: a\n---\n# A\n\nText."}))
    return tmp_path


@pytest.fixture
def service(root: Path) -> Iterator[Service]:
    with closing(Service.open(repository(root, {}), lambda: NOW)) as service:
        yield service


@pytest.fixture
def behind(root: Path) -> Iterator[Flask]:
    settings = replace(repository(root, {}), server=PROXY)
    with closing(Service.open(settings, lambda: NOW)) as service:
        yield applications.around(service)


def test_what_waits_is_counted(service: Service, root: Path) -> None:
    (root / "var" / "backups").mkdir()
    (root / "var" / "backups" / "kb-2026-05-04T031500Z.db").touch()
    with service.database.write() as db:
        said = Report(ArticleKey(ArticleId("a"), "en"), "bob", Reason.WRONG)
        reports.report(db, said, NOW)

    answer = applications.around(service).test_client().get("/metrics")

    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    assert found["answerloop_items_open", "reported"] == 1
    assert found["answerloop_items_open", "suspected"] == 0
    assert found["answerloop_messages_given_up",] == 0
    assert found["answerloop_backup_timestamp_seconds",] == 1_777_864_500
    assert found["process_resident_memory_bytes",] > 0


@pytest.mark.parametrize(
    ("peer", "forwarded", "status"),
    [
        ("10.1.2.3", "", 200),
        ("203.0.113.7", "", 404),
        ("127.0.0.1", "10.1.2.3", 200),
        ("127.0.0.1", "203.0.113.7", 404),
        ("10.1.2.3", "203.0.113.7", 404),
        ("10.1.2.3", "10.1.9.9", 404),
    ],
    ids=["own", "stranger", "own by proxy", "stranger by proxy", "unnamed proxy", "pretending"],
)
def test_only_who_is_named_reads_them(
    behind: Flask, peer: str, forwarded: str, status: int
) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    answer = behind.test_client().get(
        "/metrics", environ_base={"REMOTE_ADDR": peer}, headers=headers
    )

    assert answer.status_code == status
