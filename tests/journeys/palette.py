"""Makes a picture of a page small: 256 colours, the usual ones exact, the others the nearest."""

import base64
import struct
import zlib

import numpy as np
from playwright.sync_api import Page

_COLOURS = 256
_PIXELS = """async (png) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const parts = [];
    for (let at = 0; at < data.length; at += 32768)
        parts.push(String.fromCharCode(...data.subarray(at, at + 32768)));
    return btoa(parts.join(""));
}"""


def size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def small(png: bytes, page: Page) -> bytes:
    """The same picture as a PNG with a palette; `page` is a blank one, which decodes it."""
    width, height = size(png)
    told = base64.b64decode(page.evaluate(_PIXELS, base64.b64encode(png).decode("ascii")))
    pixels = np.frombuffer(told, "<u4") & 0xFFFFFF  # blue, green, red; no transparency
    found, places, counts = np.unique(pixels, return_inverse=True, return_counts=True)
    colours = np.stack([found & 0xFF, found >> 8 & 0xFF, found >> 16], axis=1).astype(np.uint8)
    usual = colours[np.argsort(-counts, kind="stable")[:_COLOURS]]
    apart = colours[:, None, :].astype(np.int32) - usual[None, :, :].astype(np.int32)
    nearest = (apart**2).sum(axis=2).argmin(axis=1).astype(np.uint8)
    rows = nearest[places.reshape(-1)].reshape(height, width)
    unfiltered = np.hstack([np.zeros((height, 1), np.uint8), rows])
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", usual.tobytes()),
            _chunk(b"IDAT", zlib.compress(unfiltered.tobytes(), 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
