"""Mail addresses that readers type: one form that can go into a header, or none."""

import re
from email.errors import MessageError
from email.headerregistry import Address

from feedback.errors import AddressMalformed

LONGEST = 254
"""Characters, as RFC 5321 allows."""
_LONGEST_LOCAL = 64
# What browsers take in a field for an address (HTML, "valid e-mail address"), with a dot in the
# domain. It holds no white space, no quote, no bracket, no comma, and no letter outside ASCII.
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_FORM = re.compile(rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@(?:{_LABEL}\.)+{_LABEL}", re.IGNORECASE)


def parse(typed: str) -> str:
    """The address as it is written to: without the space around it, its domain in small letters.

    A domain with letters outside ASCII is taken in its ASCII form. Raises AddressMalformed for
    anything that is not one plain address.
    """
    local, mark, domain = typed.strip(" \t\r\n").rpartition("@")
    if not mark or len(typed) > LONGEST:
        raise AddressMalformed
    try:
        domain = domain.lower() if domain.isascii() else _in_ascii(domain)
        # The regular expression refuses all that could harm; the standard library knows the rest.
        address = Address(addr_spec=f"{local}@{domain}").addr_spec
    except (UnicodeError, ValueError, IndexError, AttributeError, MessageError):
        # An AttributeError is how the parser itself stumbles over some defects.
        raise AddressMalformed from None
    if len(local) > _LONGEST_LOCAL or len(address) > LONGEST or not _FORM.fullmatch(address):
        raise AddressMalformed
    return address


def _in_ascii(domain: str) -> str:
    """Raises UnicodeError, also where Python's IDNA (that of 2003) names somebody else's domain.

    To it, straße.de is strasse.de.
    """
    encoded = domain.encode("idna")
    if encoded.decode("idna") != domain.lower():
        raise UnicodeError
    return encoded.decode("ascii").lower()
