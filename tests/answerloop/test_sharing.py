"""A file that is as it was is the same file under a second name."""

from pathlib import Path

import pytest

from answerloop import sharing


@pytest.mark.parametrize(("content", "names"), [(b"same", 2), (b"other", 1)])
def test_what_is_written_as_it_was_is_the_same_file(
    tmp_path: Path, content: bytes, names: int
) -> None:
    before = tmp_path / "before.html"
    before.write_bytes(b"same")

    sharing.write(f"{tmp_path}/now.html", content, str(before))

    assert content == (tmp_path / "now.html").read_bytes()
    assert names == before.stat().st_nlink


@pytest.mark.parametrize("same", ["before.html", "missing.html"])
def test_what_is_there_already_is_left_alone(tmp_path: Path, same: str) -> None:
    (tmp_path / "before.html").write_bytes(b"new")
    (tmp_path / "now.html").write_bytes(b"the author's")

    with pytest.raises(FileExistsError):
        sharing.write(f"{tmp_path}/now.html", b"new", f"{tmp_path}/{same}")

    assert (tmp_path / "now.html").read_bytes() == b"the author's"


def test_files_that_are_alike_are_shared_and_others_are_not(tmp_path: Path) -> None:
    for folder, page in (("old", "text"), ("new", "text")):
        (tmp_path / folder / "en").mkdir(parents=True)
        (tmp_path / folder / "en" / "page.html").write_text(page)
        (tmp_path / folder / "home.html").write_text(folder)

    sharing.share(tmp_path / "new", tmp_path / "old")

    assert (tmp_path / "old/en/page.html").samefile(tmp_path / "new/en/page.html")
    assert (tmp_path / "new/home.html").read_text() == "new"
