"""Ticket subjects from CSV files as helpdesks really export them."""

from pathlib import Path

import pytest

from answerloop import tickets
from answerloop.errors import TicketsError


def read(folder: Path, content: str | bytes, column: str | None = None) -> tuple[str, ...]:
    file = folder / "tickets.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return tickets.read(file, column)


def refused(folder: Path, content: str | bytes, column: str | None = None) -> str:
    with pytest.raises(TicketsError) as problem:
        read(folder, content, column)
    return str(problem.value).removeprefix(f"{folder}/")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_recognised(tmp_path: Path, delimiter: str) -> None:
    text = 'id,Subject,status\n1,"Broken,again",open\n2,Lost,closed\n'

    found = read(tmp_path, text.replace(",", delimiter))

    assert found == (f"Broken{delimiter}again".replace("\t", " "), "Lost")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_any_usual_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    assert read(tmp_path, "Betreff\r\nGröße ändern\r\n".encode(encoding)) == ("Größe ändern",)


def test_a_column_is_named_whatever_its_case(tmp_path: Path) -> None:
    text = "Subject,First Message\na,b\n"

    assert read(tmp_path, text) == ("a",)
    assert read(tmp_path, text, "first message") == ("b",)


def test_a_list_of_subjects_needs_no_header(tmp_path: Path) -> None:
    assert read(tmp_path, "money back\nwhere is it\n") == ("money back", "where is it")
    assert read(tmp_path, "Subject\nmoney back\n") == ("money back",)


def test_marks_of_replies_and_empty_subjects_are_left_out(tmp_path: Path) -> None:
    text = "id,subject\n1,Re: AW: Fwd[2]:  Money\u00a0back \n2,\n3,RE:\n4\n5,Regarding: x\n"

    assert read(tmp_path, text) == ("Money back", "Regarding: x")


def test_a_subject_may_hold_a_line_end_and_quotes(tmp_path: Path) -> None:
    assert read(tmp_path, 'id,subject\n1,"a ""b""\nc"\n') == ('a "b" c',)


def test_the_line_with_which_excel_names_the_delimiter_is_no_header(tmp_path: Path) -> None:
    assert read(tmp_path, "sep=;\nid;subject\n1;a, b\n") == ("a, b",)


@pytest.mark.parametrize(
    ("content", "column", "message"),
    [
        ("", None, "tickets.csv: empty. Expected a CSV file with a header."),
        ("id,text\n1,a\n", None, "tickets.csv:1: which column holds the subjects? Name it with"),
        ("id,text\n1,a\n", "txt", "tickets.csv:1: no column `txt`. There are: `id`, `text`."),
        ("id,subject\n1,\n", None, "tickets.csv: no subject in the column `subject`."),
        ('id,subject\n1,a\n2,"b\n', None, "tickets.csv:3: not CSV: unexpected end of data."),
        (b"id\n\x00\xff\x81", None, "tickets.csv: no text in UTF-8, UTF-16 or Windows-1252."),
    ],
)
def test_what_cannot_be_read_is_said(
    tmp_path: Path, content: str | bytes, column: str | None, message: str
) -> None:
    assert refused(tmp_path, content, column).startswith(message)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(TicketsError, match=r"gone\.csv: cannot be read: No such file"):
        tickets.read(tmp_path / "gone.csv")
