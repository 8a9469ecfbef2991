"""Which page of a list an address asks for."""

from flask import request

_MOST = 10_000


def number(name: str = "page") -> int:
    """From 1; what is no such number is the first page."""
    return min(max(1, request.args.get(name, default=1, type=int)), _MOST)
