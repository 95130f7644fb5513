"""What servers say, without the password that they repeat (MAIL-6)."""

from base64 import b64encode

import pytest

from carecli.mail.secrecy import hidden

USER, PASSWORD = "care", 'pa"ss  w\\ord-7'


@pytest.mark.parametrize(
    "said",
    [
        PASSWORD,
        'LOGIN "care" "pa\\"ss  w\\\\ord-7"',
        'pa"ss w\\ord-7 is wrong',
        b64encode(PASSWORD.encode()).decode(),
        b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode(),
        "AUTH PLAIN " + b64encode(f"{USER}\0{USER}\0{PASSWORD}".encode()).decode(),
    ],
)
def test_every_spelling_of_a_login_is_hidden(said: str) -> None:
    """MAIL-6: plain, quoted, with its spaces joined, or in base64 with and without its user."""
    told = hidden(f"535 no: {said}.", USER, PASSWORD)
    assert "[hidden]" in told
    assert "ord-7" not in told
    assert b64encode(PASSWORD.encode()).decode()[:8] not in told


def test_what_holds_none_stays_as_it_is() -> None:
    """MAIL-6: no password, or one too short to be one, tears no answer to pieces."""
    for password in ("", "a", "abc"):
        assert hidden("535 abracadabra", "a", password) == "535 abracadabra"
    assert hidden("535 abracadabra", None, "secret") == "535 abracadabra"
