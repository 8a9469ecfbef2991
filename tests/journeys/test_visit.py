"""A first visit is light, and the next asks only for what is new."""

import re

from playwright.sync_api import Browser, Request

from tests.journeys.shop import Shop

ARTICLE = "/en/payment/payment-3ds-failed/"
MOST_BYTES = 120_000
MOST_REQUESTS = 12


def test_a_first_visit_of_an_article_is_light(browser: Browser, served_shop: Shop) -> None:
    context = browser.new_context(base_url=served_shop.address)
    page = context.new_page()
    finished: list[Request] = []

    def finish(request: Request) -> None:
        finished.append(request)

    context.on("requestfinished", finish)
    page.goto(ARTICLE, wait_until="networkidle")

    sizes = [request.sizes() for request in finished if not request.url.startswith("data:")]
    weight = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    assert weight <= MOST_BYTES
    assert len(sizes) <= MOST_REQUESTS
    context.close()


def test_a_page_goes_out_packed_its_assets_are_kept_for_good_and_it_is_asked_for_again(
    served_shop: Shop,
) -> None:
    with served_shop.client() as client:
        page = client.get(ARTICLE)
        assets = re.findall(r'(?:href|src)="[./]*(/assets/[^"]+\.(?:css|js)[^"]*)"', page.text)
        kept = {path: client.get(path).headers["Cache-Control"] for path in assets}
        again = client.get(ARTICLE, headers={"If-None-Match": page.headers["ETag"]})
        search = client.get("/api/v1/search", params={"q": "refund", "lang": "en"})

    assert (page.headers["Content-Encoding"], page.headers["Cache-Control"]) == ("gzip", "no-cache")
    assert again.status_code == 304
    assert search.headers["Content-Encoding"] == "gzip"
    assert kept
    assert set(kept.values()) == {"public, max-age=31536000, immutable"}
