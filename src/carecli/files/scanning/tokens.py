"""Keys and tokens that show themselves by how they begin (ATT-2).

What they look like is kept by `detect-secrets` (in the fork that is still released), whose detectors are asked
where the letters stand that a token begins with; what it lacks stands here. The library takes a sixth of a second
to import, so that waits for the first such place.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from typing import Final, NamedTuple

from carecli.domain.sanitising import Sensitive
from carecli.files.scanning.matches import Match
from carecli.files.scanning.secrets import stands_for_one
from carecli.files.scanning.windows import Window, places


class _Sort(NamedTuple):
    detail: str
    sign: bytes
    """What is in each of them, as an expression that begins with a letter as it is: that is searched fast."""
    back: int = 0
    """How many characters stand before it."""
    library: str = ""
    """Who knows what it looks like: module and class of detect-secrets."""
    own: str = ""
    """Or what it looks like."""


_SORTS: Final = (
    _Sort("aws-key", rb"A(?:KIA|SIA|BIA|CCA)[0-9A-Z]", library="aws.AWSKeyDetector"),
    _Sort("github-token", rb"gh[opsur]_", library="github_token.GitHubTokenDetector"),
    _Sort("github-token", rb"github_pat_", own=r"github_pat_[A-Za-z0-9_]{22,255}"),
    _Sort("gitlab-token", rb"glpat-", own=r"glpat-[A-Za-z0-9_\-]{20,100}"),
    _Sort("slack-token", rb"xox[abposr]-", library="slack.SlackDetector"),
    _Sort("slack-token", rb"xapp-\d", own=r"xapp-\d-[A-Z0-9]+-\d+-[A-Za-z0-9]{16,128}"),
    _Sort("slack-webhook", rb"hooks\.slack\.com", back=8, library="slack.SlackDetector"),
    _Sort("stripe-key", rb"k_(?:live|test)_", back=1, own=r"[srp]k_(?:live|test)_[0-9A-Za-z]{16,128}"),
    _Sort("stripe-webhook", rb"whsec_", own=r"whsec_[A-Za-z0-9+/=]{24,128}"),
    _Sort("google-key", rb"AIza", own=r"AIza[0-9A-Za-z_\-]{35}"),
    _Sort("google-token", rb"ya29\.", own=r"ya29\.[0-9A-Za-z_\-]{20,2048}"),
    _Sort("google-secret", rb"GOCSPX-", own=r"GOCSPX-[0-9A-Za-z_\-]{20,64}"),
    _Sort("sendgrid-key", rb"SG\.", library="sendgrid.SendGridDetector"),
    _Sort("npm-token", rb"npm_", own=r"npm_[A-Za-z0-9]{36}"),
    _Sort("pypi-token", rb"pypi-AgE", own=r"pypi-AgE[A-Za-z0-9_\-]{50,2048}"),
    _Sort("square-secret", rb"sq0csp-", library="square_oauth.SquareOAuthDetector"),
    _Sort("mailchimp-key", rb"-us\d", back=32, library="mailchimp.MailchimpDetector"),
    _Sort("twilio-key", rb"SK[0-9a-f]{32}", own=r"SK[0-9a-f]{32}"),
    _Sort("openai-key", rb"sk-[psa]", own=r"sk-(?:proj-|svcacct-|ant-[a-z0-9]+-)[A-Za-z0-9_\-]{32,200}"),
    _Sort("openai-key", rb"T3BlbkFJ", back=23, own=r"sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}"),
    _Sort("huggingface-token", rb"hf_[A-Za-z]{8}", own=r"hf_[A-Za-z0-9]{34,64}"),
    _Sort("digitalocean-token", rb"_v1_[a-f0-9]", back=3, own=r"do[opr]_v1_[a-f0-9]{64}"),
    _Sort("shopify-token", rb"shp(?:at|ca|pa|ss)_", own=r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    _Sort("artifactory-key", rb"AKCp", own=r"AKCp[A-Za-z0-9]{10,200}"),
    _Sort("vault-token", rb"hvs\.", own=r"hvs\.[A-Za-z0-9_\-]{24,256}"),
    _Sort("age-key", rb"AGE-SECRET-KEY-1", own=r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    _Sort(
        "json-web-token",
        rb"eyJ[A-Za-z0-9]",
        own=r"eyJ[A-Za-z0-9_\-]{8,8000}\.eyJ?[A-Za-z0-9_\-]{4,6000}\.[A-Za-z0-9_\-]{0,1400}",
    ),
)
_SIGNS: Final = tuple((sort, re.compile(sort.sign)) for sort in _SORTS)
_URL: Final = re.compile(r"://[^\s:/?#\[\]@\"'<>]{0,128}:([^\s:/?#@\"'<>]{3,256})@(?:\w|\[[0-9A-Fa-f]{0,4}:)")


def tokens(window: Window) -> Iterator[Match]:
    """The tokens that start in a window, and passwords within URLs."""
    for sort, sign in _SIGNS:
        for found in sign.finditer(window.shadow, window.begin, window.reach):
            yield from _judged(window, sort, found.start() - sort.back)
    for at in places(window.shadow, b"://", 0, window.reach):
        login = _URL.match(window.text, at)
        if login is not None and not stands_for_one(login[1]):
            yield Match(login.start(1), login.end(1), Sensitive.SECRET, "url-password", login[1], "****")


def _judged(window: Window, sort: _Sort, start: int) -> Iterator[Match]:
    if start < 0 or _goes_on(window.text[start - 1 : start]):
        return
    for shape in _shapes(sort):
        found = shape.match(window.text, start)
        if found is not None and not _goes_on(window.text[found.end() : found.end() + 1]):
            value = found[0].rstrip(".")
            if _is_random(value):
                end = start + len(value)
                yield Match(start, end, Sensitive.SECRET, sort.detail, value, f"{value[:4]}****")
            return


def _goes_on(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


def _is_random(value: str) -> bool:
    """Whether a token has many signs, other than `ghp_xxxxxxxxxxxx` in a manual."""
    return len(set(value[4:])) >= 6 and not re.search(r"x{8,}|X{8,}|\*{3,}|0{12,}", value)


@lru_cache(maxsize=64)
def _shapes(sort: _Sort) -> tuple[re.Pattern[str], ...]:
    if sort.own:
        return (re.compile(sort.own),)
    module, name = sort.library.split(".")
    detector = getattr(import_module(f"detect_secrets.plugins.{module}"), name)
    return tuple(detector.denylist)
