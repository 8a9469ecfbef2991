"""Reports: any period, each number with what it rests on, as a page and as files."""

import csv
import io
import json
import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from answerloop.cli import main
from answerloop.desk import exports, measures, speech, summaries
from answerloop.desk.charts import Bar, Chart
from answerloop.desk.sheets import Cell, Column, Sheet
from answerloop.web import upkeep
from feedback.measures.kcs import UNKNOWN, Name
from feedback.measures.shares import Change
from feedback.model import Verdict
from tests.desk.desk import Desk
from tests.desk.repository import PARCEL

PAGE = "/desk/reports"


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A desk to which readers and agents have said something."""
    desk.suspect()
    desk.vote("alice", helpful=True)
    desk.report(PARCEL)
    desk.miss("pay by invoice")
    return desk


def page_of(desk: Desk, address: str = PAGE, **headers: str) -> str:
    answer = desk.signed_in("bob").get(address, headers=headers)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.text)


def sheet(*cells: Cell) -> Sheet:
    columns = tuple(Column(f"c{place}", "") for place in range(len(cells)))
    return Sheet("made-up", "Made up", columns, (cells,))


def test_each_share_stands_with_its_interval_and_what_it_rests_on(busy: Desk) -> None:
    page = page_of(busy)

    assert 'Helpful rate</dt> <dd class="measure__value">14' in page
    assert "1 of 7" in page
    assert "Zero-result rate" in page
    assert "3 of 3" in page


def test_what_cannot_be_known_is_said(busy: Desk) -> None:
    page = page_of(busy)

    unknown = page.partition("What cannot be known here")[2]
    assert all(name in unknown for name in ("Link rate", "New vs known", "Deflection"))


def test_each_chart_has_a_table_behind_it_and_no_style_of_its_own(busy: Desk) -> None:
    page = page_of(busy)

    assert (
        page.count("<figure") == page.count("chart__plot") == page.count("<summary>As a table") == 3
    )
    assert "<td>4 May 2026</td>" in page
    assert " style=" not in page
    assert "<style" not in page


def test_a_desk_to_which_nothing_was_said_says_so(desk: Desk) -> None:
    page = page_of(desk)

    assert "Nothing in this period." in page
    assert "Nothing to divide by in this period." in page
    assert "chart__plot" not in page


def test_any_period_is_shown(busy: Desk) -> None:
    assert "2 May 2026 \N{EN DASH} 3 May 2026" in page_of(
        busy, f"{PAGE}?from=2026-05-02&to=2026-05-03"
    )
    assert "28 April 2026 \N{EN DASH} 4 May 2026" in page_of(busy, f"{PAGE}?days=7")


@pytest.mark.parametrize(
    "asked",
    [
        "from=yesterday",
        "from=2026-05-03&to=2026-05-01",
        "to=2027-01-01",
        "from=0001-01-01",
        "days=many",
        "days=99999999999999999999",
        "from=1999-01-01",
    ],
)
def test_a_period_that_there_is_not_is_explained(desk: Desk, asked: str) -> None:
    page = page_of(desk, f"{PAGE}?{asked}")
    file = desk.signed_in("bob").get(f"{PAGE}.csv?{asked}")

    assert "These are the last 28 days." in page or "days=999" in asked
    assert file.status_code == (400 if 'role="alert"' in page else 200)


def test_a_report_is_kept_for_half_an_hour_and_says_when_it_was_counted(busy: Desk) -> None:
    bob = busy.signed_in("bob")
    first = bob.get(PAGE).text
    busy.vote("somebody new", helpful=True)

    again = bob.get(PAGE).text
    busy.clock.now = busy.clock.now.replace(minute=30)
    later = bob.get(PAGE).text

    assert "1 of 7" in first
    assert "1 of 7" in again
    assert "Counted on 4 May 2026, 09:00\N{NO-BREAK SPACE}UTC." in again
    assert "2 of 8" in later


def test_the_usual_periods_are_counted_before_anybody_asks(busy: Desk) -> None:
    (chore,) = (each for each in upkeep.chores(busy.service) if each.name == "Figures of reports")
    chore.do(busy.clock())
    busy.vote("somebody new", helpful=True)

    pages = [page_of(busy, f"{PAGE}?days={days}") for days in summaries.PRESETS]

    assert all("1 of 7" in page for page in pages)


def test_the_page_speaks_german(busy: Desk) -> None:
    page = page_of(busy, **{"Accept-Language": "de"})

    assert "Suchen ohne Treffer" in page
    assert "4. Mai 2026" in page


def test_a_table_comes_as_csv_and_all_as_json(busy: Desk) -> None:
    bob = busy.signed_in("bob")

    votes = bob.get(f"{PAGE}.csv?table=votes&days=7")
    everything = bob.get(f"{PAGE}.json?days=7")
    unknown = bob.get(f"{PAGE}.csv?table=none")

    rows = list(csv.reader(io.StringIO(votes.text)))
    assert rows[0] == ["from", "to", "yes", "no"]
    assert rows[-1] == ["2026-05-04", "2026-05-04", "1", "0"]
    assert votes.headers["Content-Disposition"] == 'attachment; filename="votes-2026-05-04.csv"'
    said = json.loads(everything.text)
    assert (said["from"], said["to"]) == ("2026-04-28", "2026-05-04")
    assert said["tables"]["votes"][-1] == {
        "from": "2026-05-04",
        "to": "2026-05-04",
        "yes": 1,
        "no": 0,
    }
    assert unknown.status_code == 404


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "\0=1"],  # noqa: RUF001  full-width
)
def test_no_cell_of_text_begins_like_a_formula(text: str) -> None:
    written = exports.as_csv([sheet(text, 1)])

    row = list(csv.reader(io.StringIO(written)))[1] if "\0" not in text else [written[7:]]
    assert row[0].lstrip('"').startswith("'")


def test_numbers_and_days_are_left_as_they_are() -> None:
    written = exports.as_csv([sheet(0.25, 3, date(2026, 5, 4), None)])

    assert written.splitlines()[1] == "0.25,3,2026-05-04,"


def test_a_picture_holds_no_markup_of_its_labels() -> None:
    drawn = Chart(("a",), (Bar((1,), "<script>&"),)).plot

    assert "&lt;script&gt;&amp;" in drawn
    assert "<script" not in drawn


def test_everything_has_its_words() -> None:
    say = speech.voice("sv")

    assert set(Name) == set(measures.meanings(say))
    assert set(UNKNOWN) < set(Name)
    assert (set(Verdict), set(Change)) == (set(measures.verdicts(say)), set(measures.changes(say)))


def test_the_command_prints_the_same(busy: Desk, root: Path) -> None:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(main, ["-C", str(root), "report", *arguments])
        assert result.exit_code in (0, 2), result.output
        return result.output

    period = ("--from", "2026-04-28", "--to", "2026-05-04")

    text = run(*period)
    votes = run(*period, "--table", "votes", "--format", "csv")
    everything = json.loads(run(*period, "--format", "json"))

    assert "Cannot be known here." in text
    assert "2026-05-04,2026-05-04,1,0" in votes
    assert everything["tables"]["votes"][-1]["yes"] == 1
    assert "There are: measures, searches" in run("--table", "none")
    assert "begins before it ends" in run("--from", "2026-05-04", "--to", "2026-05-01")
