"""What a setting expects, in an operator's words: pydantic's own are a programmer's."""

from collections.abc import Mapping

from pydantic_core import ErrorDetails

from answerloop import entrance, sections, setting

_BY_TYPE = {
    "tuple_type": 'a list such as `["en", "de"]`',
    "dataclass_type": "a section with keys of its own",
    "mapping_type": "a section with keys of its own",
    "dict_type": "a section with keys of its own",
    "string_pattern_mismatch": "an address such as `https://help.example.com/`",
    "string_type": "text in quotes",
    "string_too_short": "text that is not empty",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "`true` or `false`",
    "bool_parsing": "`true` or `false`",
    "greater_than": "more than {gt}",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
    "literal_error": "one of {expected}",
    "enum": "one of {expected}",
    "value_error": "{error}",
}
_BY_PATTERN: Mapping[str, str] = {
    sections.LANGUAGE_TAG: "a language tag such as `en` or `pt-BR`",
    entrance.HEADER: "the name of a header such as `X-Remote-User`",
    setting.PERSON: "a web address, a path of this site, or `mailto:` or `tel:` and whom",
    setting.WITH_PATH: "an address with `{path}` in it",
    setting.WITH_COMMIT: "a web address with `{commit}` in it",
    setting.MAIL: "a mail address such as `help@example.com`",
    setting.DATABASE: "`sqlite:///path/to/file` or `postgresql+psycopg://user:password@host/name`",
}


def of(error: ErrorDetails) -> str:
    """What pydantic found to be otherwise: `expected a whole number`."""
    context = error.get("ctx", {})
    known = _BY_PATTERN.get(context.get("pattern", ""))
    if known is None and error["type"] in _BY_TYPE:
        known = _BY_TYPE[error["type"]].format(**context)
    return f"expected {known}" if known else error["msg"]
