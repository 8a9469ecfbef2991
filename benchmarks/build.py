"""How long a build takes and what it leaves, beside other makers of sites on the same articles.

    python -m benchmarks.build [--articles N…] [--rounds N] [--from DIR…]
        [--zensical PROGRAM] [--hugo PROGRAM]

The articles are generated, or recombined from the folders given. In turns each program builds them
from nothing (`cold`) and, where it keeps anything, again after one of them was edited (`edit`).
`kb build` makes the site and the search index; MkDocs with Material the site and the index that
each reader's browser has to load; Zensical and Hugo the site alone, the latter with a bare theme.
Prints CPU seconds and peak memory of the best round, the size of what is published, and of the
median page. MkDocs with Material takes a quarter of an hour for 5,000 articles: it is left out
beyond `--stock N`. The optional extra for meaning is off.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks import http_load
from benchmarks.search_peers import sources
from search.documents import Document

_STOCK = "site_name: Stock\ndocs_dir: articles\nsite_dir: site\ntheme:\n  name: material\n"
_PRUNED = f"{_STOCK}  features: [navigation.prune]\n"
_OURS = "site_name: Ours\ndocs_dir: articles\n"
_HUGO = 'baseURL = "/"\ntitle = "Hugo"\ncontentDir = "articles"\npublishDir = "site"\n'
_HUGO_PAGE = (
    "<!doctype html><html><head><meta charset=utf-8><title>{{ .Title }}</title></head><body><nav>"
    "{{ with .CurrentSection }}{{ range .Pages }}<a href={{ .RelPermalink }}>{{ .Title }}</a>"
    "{{ end }}{{ end }}</nav><h1>{{ .Title }}</h1>{{ .Content }}{{ .TableOfContents }}</body>"
)
_EDIT = "\nOne sentence more, about parcels.\n"


@dataclass(frozen=True, slots=True)
class Run:
    """One build: CPU seconds, peak memory in MB, output in MB, median page in kB."""

    cpu: float
    memory: float
    output: float
    page: float


@dataclass(frozen=True, slots=True)
class Maker:
    """A program: its configuration files, its command, and what it leaves to be published."""

    files: Mapping[str, str]
    command: Sequence[str]
    output: Sequence[str] = ("site",)
    keeps: bool = False


def makers(options: argparse.Namespace, articles: int) -> dict[str, Maker]:
    """The programs that take part, by name."""
    stock = (sys.executable, "-m", "mkdocs", "build", "-q")
    found = {
        "`kb build` (site and index)": Maker(
            {"mkdocs.yml": _OURS},
            (sys.executable, "-m", "answerloop.cli", "build"),
            ("site", "var/builds/*/index"),
            keeps=True,
        )
    }
    if articles <= options.stock:
        found["MkDocs, Material, its search"] = Maker({"mkdocs.yml": _STOCK}, stock)
    found["the same, `navigation.prune`"] = Maker({"mkdocs.yml": _PRUNED}, stock)
    if options.zensical:
        found["Zensical, `navigation.prune`"] = Maker(
            {"mkdocs.yml": _PRUNED}, (options.zensical, "build"), keeps=True
        )
    if options.hugo:
        hugo = {"hugo.toml": _HUGO}
        hugo |= {f"layouts/_default/{name}.html": _HUGO_PAGE for name in ("single", "list")}
        hugo |= {"layouts/index.html": _HUGO_PAGE}
        command = (options.hugo, "--quiet", "--cleanDestinationDir")
        found["Hugo, a bare theme (site)"] = Maker(hugo, command, keeps=True)
    return found


def measure(maker: Maker, root: Path) -> Run:
    """Run one build in a process of its own."""
    process = subprocess.Popen(
        maker.command,
        cwd=root,
        stdout=subprocess.DEVNULL,
        stderr=(root / "said").open("wb"),
        env=_environment(root),
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(
            f"{' '.join(maker.command)} failed in {root}\n{(root / 'said').read_text()}"
        )
    found = [file for name in maker.output for place in root.glob(name) for file in _files(place)]
    pages = [file.stat().st_size for file in _files(root / "site") if file.suffix == ".html"]
    return Run(
        cpu=usage.ru_utime + usage.ru_stime,
        memory=usage.ru_maxrss / 1024,
        output=sum(file.stat().st_size for file in found) / 1e6,
        page=statistics.median(pages) / 1e3,
    )


def _environment(root: Path) -> dict[str, str]:
    """Modules are compiled before, as they are once a program is installed; words alone count."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    compiled = str(root.parent / "compiled")
    return {**kept, "PYTHONPYCACHEPREFIX": compiled, "KB_SEMANTIC": "off"}


def _files(place: Path) -> list[Path]:
    return [file for file in place.resolve().rglob("*") if file.is_file()]


def rounds(maker: Maker, root: Path, count: int) -> tuple[Run, Run | None]:
    """The best of some builds from nothing, and of those after an edit."""
    cold, again = [], []
    edited = min(root.glob("articles/**/*.md"))
    for _ in range(count):
        for name in ("var", ".cache", "site"):
            place = root / name
            place.unlink() if place.is_symlink() else shutil.rmtree(place, ignore_errors=True)
        cold.append(measure(maker, root))
        if maker.keeps:
            with edited.open("a", encoding="utf-8") as file:
                file.write(_EDIT)
            again.append(measure(maker, root))
    return min(cold, key=_cpu), min(again, key=_cpu, default=None)


def _cpu(run: Run) -> float:
    return run.cpu


def compare(options: argparse.Namespace, articles: int, place: Path) -> None:
    """Measure all programs on so many articles and print their table."""
    _, made = sources.source(options.folders, None, 1)
    written = list(islice(made, articles))
    print(f"\n{articles:,} articles, best of {options.rounds}\n")
    print("| | cold CPU s | edit CPU s | memory MB | output MB | median page kB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for number, (name, maker) in enumerate(makers(options, articles).items()):
        root = place / f"{articles}-{number}"
        _write(written, maker, root)
        cold, again = rounds(maker, root, options.rounds)
        edit = f"{again.cpu:.1f}" if again else "as cold"
        memory = max(run.memory for run in (cold, again) if run)
        print(
            f"| {name} | {cold.cpu:.1f} | {edit} | {memory:.0f} | {cold.output:.1f} "
            f"| {cold.page:.0f} |",
            flush=True,
        )
        shutil.rmtree(root)
    if articles > options.stock:
        print("| MkDocs, Material, its search | not run | not run | | | |")


def _write(articles: Sequence[Document], maker: Maker, root: Path) -> None:
    """The articles, and what the program wants beside them."""
    root.mkdir()
    http_load.write(articles, root)
    for path, text in maker.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, nargs="+", default=[100, 1_000, 5_000])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--from", dest="folders", type=Path, nargs="*", default=[])
    parser.add_argument("--stock", type=int, default=1_000)
    parser.add_argument("--zensical", help="the program, where it is installed")
    parser.add_argument("--hugo", help="the program, where it is installed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        _compile(options, place)
        for articles in options.articles:
            compare(options, articles, place)


def _compile(options: argparse.Namespace, place: Path) -> None:
    """Run each program once on few articles, so that all their modules are compiled."""
    _, made = sources.source(options.folders, None, 1)
    written = list(islice(made, 3))
    for number, maker in enumerate(makers(options, 3).values()):
        root = place / f"first-{number}"
        _write(written, maker, root)
        measure(maker, root)


if __name__ == "__main__":
    main()
