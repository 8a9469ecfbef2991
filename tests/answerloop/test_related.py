"""Articles whose author names no others are followed by those that say the same rare words."""

from pathlib import Path, PurePosixPath

from answerloop.site import related
from tests.answerloop.builders import loaded
from tests.answerloop.builders import with_front_matter as fm

CONTENTS = {
    "returns/label.md": fm("id: label\ntitle: Print a return label"),
    "returns/lost.md": fm("id: lost\ntitle: My return label is lost"),
    "lamps/bulb.md": fm("id: bulb\ntitle: Which bulb fits?\ntags: [lighting]"),
    "lamps/flicker.md": fm("id: flicker\ntitle: It flickers\ntags: [lighting]"),
    "pay/card.md": fm("id: card\ntitle: Pay by card"),
    "pay/secret.md": fm("id: secret\ntitle: Print a return label for staff\naudience: internal"),
    "pay/draft.md": fm("id: draft\ntitle: Print a return label soon\nstate: work-in-progress"),
    **{f"other/{n}.md": fm(f"title: Something quite else {n * 'x'}") for n in range(1, 12)},
}


def close(root: Path) -> dict[str, list[str]]:
    found = related.of(loaded(root, CONTENTS))
    return {path.stem: [article.id for article in articles] for path, articles in found.items()}


def test_articles_that_share_rare_words_or_a_tag_are_related(tmp_path: Path) -> None:
    found = close(tmp_path)

    assert (found["label"], found["lost"]) == (["lost"], ["label"])
    assert (found["bulb"], found["flicker"]) == (["flicker"], ["bulb"])


def test_an_article_with_nothing_in_common_stands_alone(tmp_path: Path) -> None:
    assert close(tmp_path)["card"] == []


def test_what_readers_cannot_see_is_related_to_nothing(tmp_path: Path) -> None:
    found = close(tmp_path)

    assert not {"secret", "draft"} & found.keys()
    assert not {"secret", "draft"} & {name for names in found.values() for name in names}


def test_there_are_at_most_three(tmp_path: Path) -> None:
    many = {f"{n}.md": fm(f"title: Return label {n * 'y'}") for n in range(1, 8)}
    rest = {f"r{n}.md": fm(f"title: Else {n * 'z'}") for n in range(1, 50)}

    found = related.of(loaded(tmp_path, many | rest))

    assert len(found[PurePosixPath("1.md")]) == related.MOST


def test_articles_of_two_languages_are_not_related(tmp_path: Path) -> None:
    contents = {f"{lang}/{n}.md": fm(f"title: Label {n}") for lang in ("en", "de") for n in "ab"}

    found = related.of(loaded(tmp_path, contents))

    assert all(path.parts[0] == a.lang for path, articles in found.items() for a in articles)
