"""The engines that run in Node: their packages, installed into a cache of this checkout."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from benchmarks.search_peers.engines import NODE_PACKAGES

SCRIPT = Path(__file__).with_name("trial.cjs")
_CACHE = Path(__file__).resolve().parents[2] / ".cache" / "search-peers"
_INSTALL = ("--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund")


def missing() -> str:
    """Installs the packages if need be. Says what is missing, or nothing."""
    absent = [program for program in ("node", "npm") if shutil.which(program) is None]
    if absent:
        return f"{' and '.join(absent)} not found"
    if all(_installed(name) == version for name, version in NODE_PACKAGES.items()):
        return ""
    _CACHE.mkdir(parents=True, exist_ok=True)
    packages = [f"{name}@{version}" for name, version in NODE_PACKAGES.items()]
    command = ["npm", "install", "--prefix", str(_CACHE), *_INSTALL, *packages]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        return f"npm install failed ({finished.stderr.strip().splitlines()[-1:]})"
    return ""


def version() -> str:
    return subprocess.run(
        ["node", "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()


def environment() -> dict[str, str]:
    return {**os.environ, "NODE_PATH": str(_CACHE / "node_modules")}


def _installed(name: str) -> str:
    manifest = _CACHE / "node_modules" / name / "package.json"
    if not manifest.exists():
        return ""
    installed: str = json.loads(manifest.read_text(encoding="utf-8"))["version"]
    return installed
