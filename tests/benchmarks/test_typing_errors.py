"""What the benchmark of typing errors makes of its arguments."""

from pathlib import Path

import pytest

from benchmarks import typing_errors


def test_help_is_printed_and_nothing_measured(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        typing_errors.main(["--help"])

    assert ended.value.code == 0
    assert "Whether the right article is found" in capsys.readouterr().out


def test_what_is_no_folder_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        typing_errors.main(["nowhere"])

    assert ended.value.code == 2
    assert "nowhere is no folder" in capsys.readouterr().err


def test_a_folder_without_title_words_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        typing_errors.main([str(tmp_path)])

    assert "Expected a folder of Markdown files with a `title`" in str(ended.value)


def test_a_title_is_found_by_most_of_its_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, title in (("refund", "Refund"), ("parcel", "Where is my parcel?")):
        file = tmp_path / "en" / f"{name}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"---\ntitle: {title}\n---\nText.\n", encoding="utf-8")

    typing_errors.main([str(tmp_path)])

    assert "2 articles" in capsys.readouterr().out
