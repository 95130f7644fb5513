"""What servers say of a message's origin, and when it is believed (MAIL-2a, RFC 8601)."""

import pytest

from carecli.domain.inbox import Authentication, Verdict
from carecli.domain.trust import verdict
from carecli.mail.incoming import reading

PASS = "mx.care.example; dmarc=pass header.from=x.example"


def results(*values: str) -> tuple[Authentication, ...]:
    """What a message with these headers says."""
    head = "".join(f"Authentication-Results: {value}\n" for value in values)
    return reading.read(f"{head}From: dana@x.example\n\nhello".encode()).authentications


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("mx.example; none", []),
        ("mx.example 1; spf=pass smtp.mailfrom=dana@X.Example", [("spf", "pass", "x.example")]),
        ("mx.example; SPF=Pass smtp.helo=mail.x.example", [("spf", "pass", "mail.x.example")]),
        ("mx.example; dkim=pass header.i=@x.example header.s=k1", [("dkim", "pass", "x.example")]),
        ("mx.example; dkim/1=pass (2048 bits; ok) header.d=x.example", [("dkim", "pass", "x.example")]),
        (
            'mx.example; dmarc=fail (p=none (so)) policy.x="; dmarc=pass" header.from=x.example',
            [("dmarc", "fail", "x.example")],
        ),
        (
            'mx.example;\n\tspf=none;\n dkim=neutral reason="bad; hash" header.d=y.example;\n',
            [("spf", "none", None), ("dkim", "neutral", "y.example")],
        ),
        # The first property of a name counts: what is added behind it was not there first.
        ("mx.example; dmarc=pass header.from=x.example header.from=y.example", [("dmarc", "pass", "x.example")]),
        # A quote that never ends may hide anything: nothing of it is believed.
        ('mx.example; spf=fail smtp.mailfrom="x; dmarc=pass header.from=x.example', []),
        ("mx.example; arc=pass", [("arc", "pass", None)]),
        ("", []),
        (";;;=;", []),
    ],
)
def test_results_are_read_method_by_method(value: str, expected: list[tuple[str, str, str | None]]) -> None:
    """MAIL-2a: comments, quotes, versions and folding as RFC 8601 allows them."""
    assert [(each.method, each.result, each.domain) for each in results(value)] == expected


def test_a_header_without_a_server_is_nobodys() -> None:
    """MAIL-2a: Microsoft's own headers name no server, so none can be trusted by its name."""
    found = results("spf=pass smtp.mailfrom=x.example; dmarc=pass header.from=x.example")
    assert {each.server for each in found} == {""}
    assert verdict(found, ["", "mx.care.example"], "x.example") is Verdict.NONE


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((), Verdict.NONE),
        ((PASS,), Verdict.PASS),
        (("MX.care.EXAMPLE; dmarc=pass header.from=X.example",), Verdict.PASS),
        # Nobody has to be believed who is not trusted.
        (("mx.evil.example; dmarc=pass header.from=x.example",), Verdict.NONE),
        (("mx.care.example.evil.example; dmarc=pass header.from=x.example",), Verdict.NONE),
        # Of another domain than the sender's.
        (("mx.care.example; dmarc=pass header.from=evil.example",), Verdict.NONE),
        (("mx.care.example; dkim=pass header.d=evil.example",), Verdict.NONE),
        (("mx.care.example; dkim=pass header.d=example",), Verdict.NONE),
        (("mx.care.example; dkim=pass header.d=evilx.example",), Verdict.NONE),
        # One header for all, or one for each, as servers do it.
        (("mx.care.example; dkim=pass header.d=x.example",), Verdict.PASS),
        (("mx.care.example; dkim=pass header.d=mail.x.example",), Verdict.PASS),
        (("mx.care.example; spf=pass smtp.mailfrom=bounce.x.example",), Verdict.PASS),
        (("mx.care.example; spf=softfail smtp.mailfrom=x.example; dkim=pass header.d=x.example",), Verdict.PASS),
        (("mx.care.example; dkim=fail header.d=y.example; dkim=pass header.d=x.example",), Verdict.PASS),
        (("mx.care.example; spf=none", "mx.care.example; dkim=pass header.d=x.example"), Verdict.PASS),
        # A fail is a fail, wherever the trusted server says so.
        (("mx.care.example; dmarc=fail header.from=x.example; dkim=pass header.d=x.example",), Verdict.FAIL),
        ((PASS, "mx.care.example; dmarc=fail header.from=x.example"), Verdict.FAIL),
        (("mx.care.example; spf=fail smtp.mailfrom=x.example",), Verdict.FAIL),
        (("mx.care.example; spf=softfail smtp.mailfrom=x.example; dkim=none",), Verdict.FAIL),
        (("mx.evil.example; dmarc=fail header.from=x.example",), Verdict.NONE),
        # Forged below the real one: the method came already, or another server stands between.
        (("mx.care.example; dmarc=none", PASS), Verdict.NONE),
        (("mx.care.example; spf=none; dmarc=none", "mx.care.example; dkim=none", PASS), Verdict.NONE),
        (("mx.care.example; spf=none", "mx.evil.example; spf=pass", PASS), Verdict.NONE),
        (("mx.care.example; spf=neutral", "mx2.care.example; dmarc=pass header.from=x.example"), Verdict.NONE),
        # An untrusted one on top hides nothing of the trusted one.
        (("mx.evil.example; dmarc=none", PASS), Verdict.PASS),
    ],
)
def test_only_the_trusted_servers_count(values: tuple[str, ...], expected: Verdict) -> None:
    """MAIL-2a: conservative towards anything that could have come with the message."""
    assert verdict(results(*values), ["mx.care.example", "mx2.care.example"], "x.example") is expected
