"""The extra `semantic`, from the setting to the answer."""

from pathlib import Path

import pytest

from answerloop import builds, embedding, installation, settings
from answerloop.errors import ContentError, SettingsError
from answerloop.settings import Settings
from search import embedding as models
from search import opening
from tests.answerloop.builders import NOW, repository, write
from tests.answerloop.builders import with_front_matter as fm
from tests.answerloop.test_command_line import kb

ARTICLE = fm("id: pengar", "# Hur får jag pengarna tillbaka?\n\nVi betalar till kortet.\n")


@pytest.fixture
def known(tmp_path: Path) -> Settings:
    repository(tmp_path, {"sv/pengar.md": ARTICLE}, kb_toml='[search]\nsemantic = "on"\n')
    return settings.load(tmp_path, {})


def test_a_built_help_centre_answers_what_is_meant(
    known: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KB_SEMANTIC")
    write(known.root, {"queries.yml": "- {query: hur gör man en återbetalning, article: pengar}\n"})
    builds.build(known, NOW, lambda _what, _share: None)

    done = kb(known.root, "search", "hur gör man en återbetalning")
    version = opening.current(known.builds_dir, key=installation.secret(known))

    assert "Hur får jag pengarna tillbaka?" in done.stdout
    assert version.manifest.model == models.installed()


def test_what_a_build_without_success_embedded_is_kept_until_one_succeeds(known: Settings) -> None:
    kept = known.state_dir / "embedded"
    write(known.root, {"queries.yml": "- {query: zzzz, article: pengar}\n"})
    with pytest.raises(ContentError):
        builds.build(known, NOW, lambda _what, _share: None)
    files = list(kept.rglob("*.vectors"))
    write(known.root, {"queries.yml": "- {query: pengarna, article: pengar}\n"})

    builds.build(known, NOW, lambda _what, _share: None)

    assert len(files) == 1
    assert not kept.exists()


def test_a_long_embedding_says_how_far_it_is_a_short_one_nothing() -> None:
    told: list[tuple[str, float]] = []
    tell = embedding.telling(lambda what, share: told.append((what, share)))

    for done, passages in ((0, 40), (0, 2_000), (32, 2_000), (1_000, 2_000)):
        tell(done, passages)

    words = embedding.READING
    assert told == [
        (f"{words}: 0 % of 2,000 passages, only once", 0.6),
        (f"{words}: 0 % of 2,000 passages, only once", pytest.approx(0.6024)),
        (f"{words}: 50 % of 2,000 passages, only once", pytest.approx(0.675)),
    ]


def test_switched_off_it_leaves_no_vectors(known: Settings) -> None:
    off = settings.load(known.root, {"KB_SEMANTIC": "off"})

    version = builds.build(off, NOW, lambda _what, _share: None).version

    assert version.manifest.model == ""
    assert list(version.path.rglob("*.vectors")) == []


def test_switching_it_asks_for_a_new_build(known: Settings) -> None:
    off = settings.load(known.root, {"KB_SEMANTIC": "off"})

    assert installation.fingerprint(known) != installation.fingerprint(off)


def test_switched_off_no_process_is_started(known: Settings) -> None:
    off = settings.load(known.root, {"KB_SEMANTIC": "off"})

    with embedding.started(off.search.semantic) as embedder:
        assert embedder is None


def test_another_word_for_it_is_refused(tmp_path: Path) -> None:
    repository(tmp_path, {})

    with pytest.raises(SettingsError, match=r"KB_SEMANTIC: .*'auto', 'on' or 'off'.*'maybe'"):
        settings.load(tmp_path, {"KB_SEMANTIC": "maybe"})
