"""What an agent sends of an article: no place of it is ever sent as it stands."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerloop import replies
from answerloop.errors import Unfilled
from answerloop.replies import Format, Link

LINK = Link("How do I [really] get a refund?", "https://help.example/a/refund?via=reply&x")
REPLY = """\
Hello {customer_name},

you **can** return it within *thirty days*: {link}
Read [how]({article_link}) or [this](../other.md) or <https://example.com/x_y_z>.

- the `co_de`
- order {order_number}

Kind regards
{agent_name}
"""
VALUES = {"customer_name": "Ada <b> Miller", "agent_name": "Bob", "order_number": "47_11"}


def filled(source: str, form: Format, *left_out: str, link: Link | None = LINK) -> str:
    return replies.fill(replies.parts(source, form, link), form, VALUES, left_out)


def test_markdown_stays_markdown_and_what_is_filled_in_is_escaped() -> None:
    assert filled(REPLY, Format.MARKDOWN).splitlines() == [
        r"Hello Ada \<b\> Miller,",
        "",
        (
            "you **can** return it within *thirty days*: "
            r"[How do I \[really\] get a refund?](https://help.example/a/refund?via=reply&x)"
        ),
        (
            "Read [how](https://help.example/a/refund?via=reply&x) or this or "
            "https://example.com/x_y_z."
        ),
        "",
        "- the `co_de`",
        r"- order 47\_11",
        "",
        "Kind regards",
        "Bob",
    ]


def test_html_has_the_title_as_the_words_of_the_link() -> None:
    link = '<a href="https://help.example/a/refund?via=reply&amp;x">'
    assert filled(REPLY, Format.HTML).splitlines() == [
        "<p>Hello Ada &lt;b&gt; Miller,</p>",
        (
            "<p>you <strong>can</strong> return it within <em>thirty days</em>: "
            f"{link}How do I [really] get a refund?</a><br>"
            f"Read {link}how</a> or this or https://example.com/x_y_z.</p>"
        ),
        "<ul><li>the <code>co_de</code></li><li>order 47_11</li></ul>",
        "<p>Kind regards<br>Bob</p>",
    ]


def test_plain_text_has_no_marks_and_the_address_itself() -> None:
    text = filled(REPLY, Format.TEXT)

    assert "thirty days: https://help.example/a/refund?via=reply&x\nRead how (https://" in text
    assert not re.search(r"[*`\[\]]", text)


def test_places_that_are_not_filled_are_named_and_nothing_is_said() -> None:
    template = replies.parts(REPLY, Format.TEXT, LINK)

    with pytest.raises(Unfilled) as refused:
        replies.fill(template, Format.TEXT, {"agent_name": "Bob", "order_number": " "})

    assert refused.value.places == ("customer_name", "order_number")


def test_what_is_left_out_on_purpose_leaves_no_hole() -> None:
    assert filled("Hello {name}, it is {x}.", Format.TEXT, "name", "x") == "Hello, it is."


def test_a_place_is_not_filled_by_another_place() -> None:
    with pytest.raises(Unfilled):
        replies.fill(
            replies.parts("Hello {customer_name}", Format.TEXT, None),
            Format.TEXT,
            {"customer_name": "{customer_name}"},
        )


def test_without_a_page_for_customers_there_is_no_link() -> None:
    assert filled("See [here]({link}) now.", Format.MARKDOWN, link=None) == "See here now."


@given(
    source=st.text(alphabet="ab {}_*`[]()<>\n-1.", max_size=60),
    form=st.sampled_from(Format),
)
def test_no_place_is_ever_sent(source: str, form: Format) -> None:
    template = replies.parts(f"{source} {{customer_name}} {source}", form, LINK)
    left_out: tuple[str, ...] = ()
    text = ""
    for _ in range(2):
        try:
            text = replies.fill(template, form, {"customer_name": "Ada"}, left_out)
        except Unfilled as refused:
            left_out = refused.places

    assert not replies.places(text)


@pytest.mark.parametrize(
    ("body", "lead"),
    [
        ("# Title\n\nSend it back.\n\nMore.", "Send it back."),
        ("!!! note\n    Careful.\n\nSend it back.", "Send it back."),
        ("Do this:\n\n1. one\n2. two\n\nMore.", "Do this:\n\n1. one\n2. two"),
        ("- only\n- a list", ""),
        ("", ""),
    ],
)
def test_the_lead_is_the_first_paragraph_with_the_list_that_it_announces(
    body: str, lead: str
) -> None:
    assert replies.lead(body) == lead
