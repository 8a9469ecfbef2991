"""A page of somebody else's product, on an origin of its own, with the help put into it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8"><title>Product</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<script src="{help}/embed.js"{attributes} defer></script></head>
<body><main><h1>Product</h1>
<button type="button" data-answerloop-query="refund">Refunds?</button>
<a href="{help}/a/payment-3ds-failed/" data-answerloop-article="payment-3ds-failed">Bank?</a>
<div data-answerloop-place></div>
<button type="button">Buy</button></main></body></html>"""


class Product:
    """What its pages are like; each test may change that for the pages it opens next."""

    def __init__(self, port: int) -> None:
        self.help = ""
        self.origin = f"http://localhost:{port}"
        self.stranger = f"http://127.0.0.1:{port}"
        self.lang = "en"
        self.attributes = ""
        self.has_place = False

    @property
    def page(self) -> str:
        page = PAGE.format(lang=self.lang, help=self.help, attributes=self.attributes)
        return page if self.has_place else page.replace(" data-answerloop-place", "")

    @property
    def policy(self) -> str:
        """As strict as the manual says that it may be."""
        return f"default-src 'none'; script-src {self.help}; frame-src {self.help}"


@contextmanager
def running() -> Iterator[Product]:
    """A product, until the block ends; `help` is to be set before a page is opened."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = product.page.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", product.policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        product = Product(server.server_port)
        threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        yield product
        server.shutdown()
