"""How large the code is and how long its functions are, package by package.

    python -m benchmarks.size

A line of code holds something other than white space, a comment or a docstring. A function's
length is counted from `def` to its last line, docstring included, nested functions in it too.
Released migrations are left out: they are lists of statements that nobody edits again.
"""

import ast
import io
import math
import statistics
import tokenize
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("answerloop", "search", "feedback")
SILENT = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
}

Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module


@dataclass(frozen=True, slots=True)
class Function:
    """A function or method, where it starts and how many lines it has."""

    path: Path
    name: str
    line: int
    length: int


@dataclass(frozen=True, slots=True)
class Size:
    """What one row of the table says."""

    modules: int
    code: int
    functions: tuple[int, ...]


def modules(package: Path) -> list[Path]:
    """The modules of a package but its released migrations."""
    return [
        path
        for path in sorted(package.rglob("*.py"))
        if path.parent.parts[-2:] != ("migrations", "versions")
    ]


def functions(path: Path) -> list[Function]:
    """Every function of a module, methods and nested ones included."""
    tree = ast.parse(path.read_bytes())
    return [
        Function(path, node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def code_lines(path: Path) -> int:
    """Lines that hold code: no blank lines, comments or docstrings."""
    source = path.read_text(encoding="utf-8")
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    spoken = {
        line
        for token in tokens
        if token.type not in SILENT
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(spoken - docstring_lines(ast.parse(source)))


def docstring_lines(tree: ast.Module) -> set[int]:
    """The lines that docstrings take."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, Documented) and ast.get_docstring(node, clean=False):
            text = node.body[0]
            lines.update(range(text.lineno, (text.end_lineno or text.lineno) + 1))
    return lines


def measure(paths: list[Path]) -> Size:
    """The sizes of these modules together."""
    lengths = [function.length for path in paths for function in functions(path)]
    return Size(len(paths), sum(map(code_lines, paths)), tuple(sorted(lengths)))


def percentile(ordered: tuple[int, ...], share: float) -> int:
    """The smallest value that at least `share` of the values do not exceed (nearest rank)."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0


def row(name: str, code: Size, tests: Size) -> str:
    median = statistics.median(code.functions or (0,))
    tail = percentile(code.functions, 0.95)
    longest = max(code.functions, default=0)
    return (
        f"{name:<12}{code.modules:>8}{code.code:>8}{tests.code:>8}"
        f"{len(code.functions):>11}{median:>8.0f}{tail:>6}{longest:>9}"
    )


def main() -> None:
    print(
        f"{'package':<12}{'modules':>8}{'code':>8}{'tests':>8}"
        f"{'functions':>11}{'median':>8}{'95 %':>6}{'longest':>9}"
    )
    tests = ROOT / "tests"
    for name in PACKAGES:
        print(row(name, measure(modules(ROOT / name)), measure(modules(tests / name))))
    everything = [path for name in PACKAGES for path in modules(ROOT / name)]
    print(row("all", measure(everything), measure(modules(tests))))


if __name__ == "__main__":
    main()
