"""Lines as logs and mails have them, written before the scanner was, and never tuned on.

What is in it: (the line, what must be found in it). Where the author thinks otherwise than the scanner does, the
line stays as it is: the figures of this table are to be believed, so they are not 100 %.
"""

from typing import Final

from carecli.domain.sanitising import Sensitive

CARD, IBAN, SECRET, EMAIL, PHONE = (
    Sensitive.CARD,
    Sensitive.IBAN,
    Sensitive.SECRET,
    Sensitive.EMAIL,
    Sensitive.PHONE,
)

HELD_OUT: Final[tuple[tuple[str, tuple[tuple[Sensitive, str], ...]], ...]] = (
    # Cards.
    ("2026-03-20T21:05:00.123Z INFO charge card=4242424242424242 amount=1200", ((CARD, "4242424242424242"),)),
    ('{"pan":"5105105105105100","exp":"12/29"}', ((CARD, "5105105105105100"),)),
    ("Customer read out 3782 822463 10005 over the phone", ((CARD, "3782 822463 10005"),)),
    ("cc: 6011-1111-1111-1117", ((CARD, "6011-1111-1111-1117"),)),
    ("payment declined for 3530111333300000 (JCB)", ((CARD, "3530111333300000"),)),
    ("maestro 6759649826438453 refused", ((CARD, "6759649826438453"),)),
    ("<CardNumber>5555555555554444</CardNumber>", ((CARD, "5555555555554444"),)),
    ("2223003122003222|12|2028|123", ((CARD, "2223003122003222"),)),
    ("order 79927398713000008 shipped", ()),
    ("span_id=4539578763621486 trace=9f86d081884c7d65", ()),
    ("ts=1711111111111 offset=4000000000000002213", ()),
    ("request 7f000101-4111-1111-8111-111111111111 done", ()),
    ("mem 0x4111111111111111 mapped", ()),
    ("ratio 0.4111111111111111 of all", ()),
    ("tracking no 9400111899223197428490 (USPS)", ()),
    ("IMEI 490154203237518 attached to cell", ()),
    # IBAN.
    ("refund to DE89 3704 0044 0532 0130 00, thanks", ((IBAN, "DE89 3704 0044 0532 0130 00"),)),
    ("iban=GB82WEST12345698765432;bic=WESTGB2L", ((IBAN, "GB82WEST12345698765432"),)),
    ("Konto: CH93 0076 2011 6238 5295 7", ((IBAN, "CH93 0076 2011 6238 5295 7"),)),
    ("FR1420041010050500013M02606", ((IBAN, "FR1420041010050500013M02606"),)),
    ("NL91ABNA0417164300 paid 12,50 EUR", ((IBAN, "NL91ABNA0417164300"),)),
    ("DE89370400440532013001 is mistyped", ()),
    ("build GB82AB39 ok, MT12 MT13 MT14", ()),
    # Credentials.
    ("export DB_PASSWORD=Tr0ub4dor&3", ((SECRET, "Tr0ub4dor&3"),)),
    ("spring.datasource.password: s3cr3tP@ss", ((SECRET, "s3cr3tP@ss"),)),
    ('"api_key": "d41d8cd98f00b204e9800998ecf8427e"', ((SECRET, "d41d8cd98f00b204e9800998ecf8427e"),)),
    (
        "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLXNpZ25hdHVyZQ",
        ((SECRET, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLXNpZ25hdHVyZQ"),),
    ),
    ("Authorization: Basic dXNlcjpwYXNzd29yZA==", ((SECRET, "dXNlcjpwYXNzd29yZA=="),)),
    (
        "git remote https://x-access-token:ghp_012345678901234567890123456789abcdEF@github.com/a/b",
        ((SECRET, "ghp_012345678901234567890123456789abcdEF"),),
    ),
    ("connecting to postgres://app:hunter22@db.internal:5432/app", ((SECRET, "hunter22"),)),
    ("AWS_ACCESS_KEY_ID=AKIAZ7PEXAM3KEYS2ABC", ((SECRET, "AKIAZ7PEXAM3KEYS2ABC"),)),
    (
        "aws_secret_access_key = wJalrXUtnFEMIK7MDENGbPxRfiCYzEXAMPLEKEYa",
        ((SECRET, "wJalrXUtnFEMIK7MDENGbPxRfiCYzEXAMPLEKEYa"),),
    ),
    ("mysql -u root -pS3cur3pw! -h db1", ((SECRET, "S3cur3pw!"),)),
    (
        "curl -H 'X-Api-Key: 8f14e45fceea167a5a36dedd4bea2543' https://api",
        ((SECRET, "8f14e45fceea167a5a36dedd4bea2543"),),
    ),
    (
        "Set-Cookie: sessionid=38afes7a8f2b4c1d9e0f; HttpOnly; Path=/",
        ((SECRET, "38afes7a8f2b4c1d9e0f"),),
    ),
    (
        "AIzaSyA1234567890abcdefghijklmnopqrstuv is the maps key",
        ((SECRET, "AIzaSyA1234567890abcdefghijklmnopqrstuv"),),
    ),
    (
        "slack: xoxb-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx",
        ((SECRET, "xoxb-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx"),),
    ),
    ("glpat-AbCdEf0123456789_xyz used", ((SECRET, "glpat-AbCdEf0123456789_xyz"),)),
    ("Password reset requested by user 42", ()),
    ("password: ********", ()),
    ("password=${DB_PASSWORD} taken from the environment", ()),
    ("token expired at 2026-03-20, refresh it", ()),
    ("ERROR invalid password for user bob", ()),
    ('"password": null, "token": ""', ()),
    ("Authorization: Bearer <token>", ()),
    ("api_key=REDACTED secret=xxxxxxxx", ()),
    ("max_tokens=4096 token_count: 128", ()),
    ("def check(password: str, token: Token) -> bool:", ()),
    ("commit 9fceb02d0ae598e95dc970b74767f19372d61af8", ()),
    # Addresses.
    ("login failed for jane.doe@contoso.co.uk from 10.0.0.7", ((EMAIL, "jane.doe@contoso.co.uk"),)),
    ("From: Jörg <joerg+care@firma.de>", ((EMAIL, "joerg+care@firma.de"),)),
    ("GET /u?mail=kim%40acme.io HTTP/1.1", ((EMAIL, "kim%40acme.io"),)),
    ("mailto:sales@big-shop.example?subject=x", ((EMAIL, "sales@big-shop.example"),)),
    ('"user":"A.B@X-Y.museum"', ((EMAIL, "A.B@X-Y.museum"),)),
    ("git@github.com:org/repo.git cloned", ()),
    ("root@web-01:~# systemctl restart nginx", ()),
    ("started user@1000.service", ()),
    ("npm i lodash@4.17.21 @types/node@20.1.0", ()),
    ("logo@2x.png 200 OK", ()),
    ("java.lang.Object@1b6d3586.hash", ()),
    ("ssh deploy@10.1.2.3 uptime", ()),
    # Phones.
    ("call me at +49 30 901820 please", ((PHONE, "+49 30 901820"),)),
    ("Tel.: +44 (0)20 7946 0958", ((PHONE, "+44 (0)20 7946 0958"),)),
    ("phone=+14155552671", ((PHONE, "+14155552671"),)),
    ('"mobile": "(415) 555-2671"', ((PHONE, "(415) 555-2671"),)),
    ("callback number 415-555-2671", ((PHONE, "415-555-2671"),)),
    ("fax 415.555.2671", ((PHONE, "415.555.2671"),)),
    ("WhatsApp +33 6 12 34 56 78", ((PHONE, "+33 6 12 34 56 78"),)),
    ("sms to +91 98765 43210 sent", ((PHONE, "+91 98765 43210"),)),
    ("+5511987654321 opted out", ((PHONE, "+5511987654321"),)),
    ("2026-03-20 21:05:00 +0000 UTC", ()),
    ("diff +1234567 -89", ()),
    ("10.0.0.1:8080 -> 192.168.100.200:443", ()),
    ("took 4155552671 ns", ()),
    ("rpc error code = 2671 desc = 415 555", ()),
    ("version 1.415.555.2671-beta", ()),
    ("sha1 4155552671aa", ()),
    ("pid 1234 tid 5678 seq 415-555", ()),
    ("x=+12.3456789e+10", ()),
)
