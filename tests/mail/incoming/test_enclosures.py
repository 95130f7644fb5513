"""Files within messages: numbered, named safely, and returned byte by byte (MAIL-2, ATT-1)."""

import hashlib

import pytest

from carecli.errors import NotFound
from carecli.mail.incoming import enclosures, reading

FORWARDED = b"From: lee@x.example\r\nSubject: old\r\n\r\n\xff\xfe old words\r\n"
MESSAGE = (
    b"From: dana@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\n\r\nSee the files.\r\n"
    b"--b\r\nContent-Type: text/plain; name=log.txt\r\n\r\nline 1\r\nline 2\r\n"
    b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + FORWARDED + b"\r\n"
    b"--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\neJ8+Ig==\r\n"
    b"--b\r\nContent-Type: multipart/related; boundary=r\r\n\r\n"
    b"--r\r\nContent-Type: text/html\r\n\r\n<p>and this</p>\r\n"
    b"--r\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--r--\r\n"
    b"--b\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\n\r\nMIIB\r\n"
    b"--b\r\nContent-Type: x-uue; name=u\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n"
    b"begin 644 u\r\n#0V%T\r\n`\r\nend\r\n--b--\r\n"
)
FILES = [
    ("log.txt", "text/plain", b"line 1\r\nline 2"),
    ("file-2.eml", "message/rfc822", FORWARDED),
    ("winmail.dat", "application/ms-tnef", b'x\x9f>"'),
    ("file-4.png", "image/png", b"\x89PNG"),
    ("u", "text/plain", b"Cat"),
]


def test_files_are_listed_and_their_texts_left_out() -> None:
    """MAIL-2: the body is read, a file's text is not; a signature is no file."""
    incoming = reading.read(MESSAGE)
    assert incoming.text == "See the files.\n\nand this"
    assert [(each.name, each.media_type, each.size, each.sha256) for each in incoming.enclosures] == [
        (name, kind, len(data), hashlib.sha256(data).hexdigest()) for name, kind, data in FILES
    ]
    assert [each.place for each in incoming.enclosures] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("place", [1, 2, 3, 4, 5])
def test_the_same_bytes_come_back(place: int) -> None:
    """ATT-1: by the number under which they are listed; a message within a message exactly as it stood."""
    assert enclosures.content(MESSAGE, place) == FILES[place - 1][2]


@pytest.mark.parametrize("place", [0, 6, -1])
def test_a_file_that_is_not_there_is_not_found(place: int) -> None:
    """ATT-1: the hint tells how many there are."""
    with pytest.raises(NotFound) as refusal:
        enclosures.content(MESSAGE, place)
    assert refusal.value.hint == "it has 5, numbered from 1"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("Über die Anlage.pdf", "Über die Anlage.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\dana\\log.txt", "log.txt"),
        ("..", "file-7.pdf"),
        ("", "file-7.pdf"),
        ("???", "file-7.pdf"),
        (".bashrc", "bashrc"),
        ("a\x00b\x1b[31m\nc.txt", "ab[31m c.txt"),
        # Reads as `exe.txt` on a screen, and is a program.
        ("invoice\u202etxt.exe", "invoice_txt.exe"),
        ("con.txt", "_con.txt"),
        ('<b>"x"|y.txt', "_b__x__y.txt"),
        ("x" * 400 + ".tar", "x" * 146 + ".tar"),
        ("name. ", "name"),
        ("/", "file-7.pdf"),
    ],
)
def test_names_are_safe_anywhere(name: str, safe: str) -> None:
    """ATT-1: no path, no control characters, never empty, at most 150 characters, the extension kept."""
    assert enclosures.safe_name(name, 7, "application/pdf") == safe


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename*=utf-8''%C3%BCber.txt", "über.txt"),
        ('attachment; filename="=?utf-8?q?=C3=BCber.txt?="', "über.txt"),
        ("attachment; filename*0=long; filename*1=name.txt", "longname.txt"),
        ("attachment; filename*=martian''%FF.txt", "ÿ.txt"),
        ("attachment; filename*=utf-8''..%2F..%2Fx.sh", "x.sh"),
        ("attachment", "file-1.txt"),
    ],
)
def test_names_are_decoded_as_programs_send_them(header: str, name: str) -> None:
    """MAIL-2: RFC 2231, and the encoded words that it forbids."""
    incoming = reading.read(f"From: a@b.example\nContent-Disposition: {header}\n\ndata".encode())
    assert [each.name for each in incoming.enclosures] == [name]
