"""Addresses under a key that is not in the database: who copies that learns none of them.

One secret gives three keys: to seal (AES-256-GCM), to find an address again without reading any
(HMAC), and to make the links that a letter carries, which are not stored either.
"""

import base64
import hmac
import os
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from feedback.errors import SealBroken
from feedback.model import Purpose

KEY_BYTES = 32
TOKEN_BYTES = 16
_NONCE_BYTES = 12
_ROOM = 256
"""Every address is filled up to as many bytes, so that its length says nothing."""


class Seals:
    """Seals and opens with keys made of `secret`, at least 32 random bytes."""

    def __init__(self, secret: bytes, *, randomness: Callable[[int], bytes] = os.urandom) -> None:
        if len(secret) < KEY_BYTES:
            raise ValueError(f"expected a secret of at least {KEY_BYTES} bytes")
        self._cipher = AESGCM(_derive(secret, b"seal"))
        self._index_key = _derive(secret, b"index")
        self._link_key = _derive(secret, b"link")
        self._randomness = randomness

    def seal(self, address: str, owner: str) -> bytes:
        """The address, to be opened only beside the same `owner`."""
        nonce = self._randomness(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(
            nonce, address.encode().ljust(_ROOM, b"\0"), owner.encode()
        )

    def open(self, sealed: bytes, owner: str) -> str:
        """Raises SealBroken: sealed with another key, for another owner, or damaged."""
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, rest, owner.encode()).rstrip(b"\0").decode()
        except (InvalidTag, ValueError):
            raise SealBroken from None

    def index(self, address: str) -> str:
        """The same 64 hexadecimal digits for the same address, however it is capitalised."""
        message = address.casefold().encode()
        return hmac.digest(self._index_key, message, "sha256").hex()

    def link(self, purpose: Purpose, owner: str) -> str:
        """The token of a link in a letter to `owner`: the same at every attempt to send it."""
        message = f"{purpose}:{owner}".encode()
        return written(hmac.digest(self._link_key, message, "sha256")[:TOKEN_BYTES])


def written(token: bytes) -> str:
    """A token as it stands in an address: letters, digits, `-` and `_`."""
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode("ascii")


def _derive(secret: bytes, use: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"answerloop contact " + use).derive(secret)
