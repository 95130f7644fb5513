"""Lines as logs, tickets and dumps hold them, written by somebody who had not read the scanner's rules.

`⟦c:4111…⟧` is what must be found: the letter is that of its kind. The lines are not to be tuned on: where they and
the scanner differ they stay as they are, and the figures say so.
"""

import re
from typing import Final

from carecli.domain.sanitising import Sensitive

KINDS: Final = {
    "c": Sensitive.CARD,
    "i": Sensitive.IBAN,
    "s": Sensitive.SECRET,
    "e": Sensitive.EMAIL,
    "p": Sensitive.PHONE,
}

CARDS: Final = r"""
2026-03-20 21:05:00,123 DEBUG [pay-7] c.s.Gateway - PAN ⟦c:4111110299384755⟧ exp 0828
{"order":1000234567123453,"pan":"⟦c:5530128477261959⟧","cvv":"***"}
<ns2:AcctNum xsi:type="xsd:string">⟦c:4111110299384755⟧</ns2:AcctNum>
"Müller","⟦c:4111-1102-9938-4755⟧","2026-03-20",19.99
2026-03-20;ORD-77812;⟦c:5530 1284 7726 1959⟧;EUR;19,99
POST /pay?amount=100&cardNumber=⟦c:371449635398431⟧&cvc=1234 HTTP/1.1
cc_num=⟦c:4111+1102+9938+4755⟧&exp=08%2F28
card%3D⟦c:6011441234567899⟧%26exp%3D0828
INSERT INTO payments VALUES (17,'⟦c:3530111333331237⟧','JCB','2026-03-20 21:05:00');
the customer's Amex is ⟦c:3714 496353 98431⟧, he says it is declined
Diners Club ⟦c:3622 720627 1303⟧ not accepted at POS 17
card ending … full: ⟦c:6221260000000026⟧ (UnionPay)
Mir card ⟦c:2202 2001 2345 6780⟧
tried ⟦c:5530128477261959⟧
then tried ⟦c:5530128477261959⟧,⟦c:4111110299384755⟧ and gave up
RuPay ⟦c:6081 2345 6789 0128⟧ timed out
maestro: ⟦c:5018001234567896⟧
newer MC bin: ⟦c:2223000048410010⟧
track2=;⟦c:4111110299384755⟧=28081011000012300000?
%B⟦c:5530128477261959⟧^DOE/JANE^2808101100001230000?
PaymentException: card 'VISA ⟦c:4111110299384755⟧' expired at c.s.Pay.charge(Pay.java:41)
DE2 ⟦c:4111110299384755⟧ DE3 000000 DE4 000000001999
"number": ⟦c:4111110299384755⟧, "exp_month": 8
| 17 | jane | ⟦c:4111110299384755⟧ | 08/28 |
Karta ⟦c:4111 1102 9938 4755⟧, ważna do 08/28
order 1000234567123453 shipped by DHL
order no. 2026032012345673 paid with card on file
tracking 9480012345678903, expected 2026-03-22
invoice 8800123456789010 / customer 7123456789012342
SSCC 340123450000000017 GTIN 04012345678901
IMEI 353280111987658 locked
imei: 35-328011-198765-8, TAC 35328011
device 861234045678912 imsi=310150123456789 iccid=8944110068123456789
IMEISV 3532801119876501 of handset
ts=1774041900123456 event=hangup
"timestamp_ns": 1774041900123456789,
epoch_ms=1774041900123 lag=12
span 4511012993847551 parent 0
transaction-id: 20260320210500123456
masked 411111******4755 and XXXX-XXXX-XXXX-4755
offset 0000000000000000 length 4294967296
sequence 1234567890123456 7890
ISBN 978-3-16-148410-0, EAN 4006381333931
00:1B:44:11:3A:B7 joined vlan 4111
fe80::21b:44ff:fe11:3ab7%eth0 is up, 2001:db8:4111:1111:1111:1111:0:1 down
uuid 41111102-9938-4755-8111-110299384755
commit 4111110299384755aabbccddeeff001122334455
sha256 5530128477261959553012847726195955301284772619595530128477261959
build 10.4.4111.1111 of 2026.03.20.2105
matrix 4111 1102 9938 4756 (bytes in, out, err, drop)
0.4111110299384755 s elapsed
"""

IBANS: Final = r"""
IBAN: ⟦i:DE44 5001 0517 5407 3249 31⟧
refund to ⟦i:de44500105175407324931⟧ asap
<IBAN>⟦i:GB29NWBK60161331926819⟧</IBAN><BIC>NWBKGB2L</BIC>
:59:/⟦i:NL39RABO0300065264⟧
account="⟦i:FR14 2004 1010 0505 0001 3M02 606⟧";
⟦i:ES91-2100-0418-4502-0005-1332⟧,EUR,12.00
iban=⟦i:IT60X0542811101000000123456⟧&bic=X
CH-IBAN ⟦i:CH93 0076 2011 6238 5295 7⟧
"creditor": {"iban": "⟦i:PL61109010140000071219812874⟧"}
konto ⟦i:BE68 5390 0754 7034⟧ (KBC)
kontonr ⟦i:NO93 8601 1117 947⟧
DE44500105175407324932 has a wrong check digit
ref GB29NWBK60161331926810 rejected
part number IT60X0542811101 in stock
BE68 is a category of its own
"""

SECRETS: Final = r"""
password: ⟦s:Tr0ub4dor&3⟧
  db_password: "⟦s:s3cr3t-p4ss!⟧"
export DB_PASS=⟦s:kX93_q!z⟧
MYSQL_ROOT_PASSWORD=⟦s:mysqlroot1⟧
spring.datasource.password=⟦s:hikari99⟧
<password>⟦s:Winter2026!⟧</password>
<add key="ApiKey" value="⟦s:d41d8cd98f00b204e9800998ecf8427e⟧" />
"client_secret": "⟦s: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⟧",
aws_access_key_id = ⟦s:AKIAQX4BIPW3AHOV2TR7⟧
aws_secret_access_key = ⟦s:wJ8rXUtnFEMIaK7MDENGbPxRfiCYq2NPLEKEY0zZ⟧
AWS_SESSION_TOKEN=⟦s:IQoJb3JpZ2luX2VjEJr0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH⟧
DefaultEndpointsProtocol=https;AccountName=st1;AccountKey=⟦s:Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYg==⟧;EndpointSuffix=core.windows.net
https://st1.blob.core.windows.net/c/f?sv=2022-11-02&se=2026-03-21&sr=b&sig=⟦s:Rk9PQkFSQkFaUVVYRk9PQkFSQkFaUVVYRk9PQkFSQkE%3D⟧
key=⟦s:AIzaSyD4x7Qb2Wn9Lk3Jm8Vt5Rz1Yp6Cf0HgEaU⟧ in maps.js
Authorization: Bearer ⟦s:ya29.a0AfH6SMBx1y2z3w4v5u6t7s8r9q0p⟧
curl -H 'Authorization: Bearer ⟦s:eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqIn0xNzc0MDQx.c2lnbmF0dXJlc2lnbmF0dXJl⟧'
Set-Cookie: session=⟦s:eyJhbGciOiJIUzI1NiJ9.eyJ1aWQiOjE3fQ.Q2hhbmdlTWVQbGVhc2VOb3c⟧; HttpOnly
> Authorization: Basic ⟦s:amFuZTpzM2NyM3Q=⟧
Proxy-Authorization: Basic ⟦s:cHJveHk6cHJveHlwYXNz⟧
curl -u admin:⟦s:s3cr3tpw⟧ https://api.contoso.com/v1
https://github.com push with ⟦s:ghp_x8Kd02LmQz71VbNc45TyRw93HsJf60GaPe2U⟧
⟦s:github_pat_11ABCDEFG0123456789ab_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW⟧ expires soon
token gho: ⟦s:gho_16C7e42F292c6912E7710c838347Ae178B4a⟧
SLACK=⟦s:xoxb-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx⟧
https://hooks.slack.com/services/⟦s:T01234567/B01234567/AbCdEfGhIjKlMnOpQrStUvWx⟧
stripe.api_key = "⟦s:sk_live_51HxQzKLmNoPqRsTuVwXyZ0123⟧"
rk: ⟦s:rk_live_51HxQzKLmNoPqRsTuVwXyZ0123⟧
OPENAI_API_KEY=⟦s:sk-proj-Ab12Cd34Ef56Gh78Ij90Kl12Mn34Op56Qr78St90⟧
//registry.npmjs.org/:_authToken=⟦s:npm_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8⟧
twine upload -p ⟦s:pypi-AgEIcHlwaS5vcmcCJDAxMjM0NTY3LTg5YWItY2RlZi0wMTIzLTQ1Njc4OWFiY2RlZgACKlszLCJh⟧
glpat in CI: ⟦s:glpat-Ab12Cd34Ef56Gh78Ij90⟧
SENDGRID ⟦s: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⟧
jdbc:postgresql://db:5432/app?user=app&password=⟦s:pgsecret7⟧
postgresql://app:⟦s:p%40ss%2Fword⟧@db.internal/app
mongodb+srv://root:⟦s:mongoPw77⟧@cluster0.abcde.mongodb.net/test
Server=sql1;Database=crm;User Id=sa;Password=⟦s:Sql!Server9⟧;Encrypt=true
redis-cli -h cache -a ⟦s:r3disPass⟧ ping
mysql -u root -p⟦s:toor1234⟧ crm
sshpass -p ⟦s:hunter2x⟧ ssh ops@10.0.0.1
snmp-server community ⟦s:pr1v4teRW⟧ RW
username admin secret 5 ⟦s:$1$mERr$hx5rVt7rPNoS4wqbXKX7m0⟧
enable secret 9 ⟦s:$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM⟧
root:⟦s:$6$rounds=5000$saltsalt$wJ7mXo0qR5zY1b2c3d4e5f6g7h8i9j0kLmNoPqRsTuVwXyZ⟧:19000:0:99999:7:::
X-Api-Key: ⟦s:7f3c9e1a5b2d48f6a0c4e8b1d5f9a3c7⟧
"access_token":"⟦s:2YotnFZFEjr1zCsicMWpAA⟧","token_type":"bearer"
grant_type=password&username=jane&password=⟦s:A3ddj3w⟧
pin: ⟦s:4711⟧ passphrase: ⟦s:correct-horse-battery⟧
Kennwort: ⟦s:Sommer2025⟧
mot de passe : ⟦s:Soleil2025⟧
password: ********
password: ${DB_PASSWORD}
password = os.environ["DB_PASSWORD"]
DB_PASSWORD={{ vault_db_password }}
password: <redacted>
"password": null,
password=changeme123 is what the manual says? no: password=⟦s:zQ81!kk⟧
Enter password for jane:
The password must be at least 12 characters long.
password authentication failed for user "app"
secretName: db-credentials
token expired at 2026-03-20T21:05:00Z
tokens: 4096, max_tokens=512
passwordAuthentication yes
private boolean passwordChanged = false;
if (password == null) throw new IllegalArgumentException("password");
CSRF token missing or incorrect
keyboard: us, key_count: 12, primary_key: id
author: jane; authority: none
commit 9fceb02d0ae598e95dc970b74767f19372d61af8
etag "33a64df551425fcc55e4d42a148795d9f25f89d4"
integrity sha512-oRkPhVRPsMzVZ4i1hs1rHZwS0pVVyWgGJ6HNaKKE7HcKTgqfVNnyPYsNwvZtNGqYyLmKfJjSPbPmZWQwQ==
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ops
SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDd9ZQkzXWZC3Wq0aA ops (ED25519)
-----BEGIN CERTIFICATE REQUEST-----
"""

EMAILS: Final = r"""
From: "Doe, Jane" <⟦e:jane.doe@contoso.co.uk⟧>
RCPT TO:<⟦e:bob+tickets@mail.eu.contoso.com⟧> 250 2.1.5 Ok
user=⟦e:o'brien@contoso.ie⟧ login ok
mailto:⟦e:help_desk@contoso.io⟧?subject=hi
"email":"⟦e:jane@contoso.com⟧","id":7
<mail>⟦e:JANE.DOE@CONTOSO.COM⟧</mail>
jane;⟦e:j.d@x.example.org⟧;active
GET /u?email=⟦e:jane%40contoso.com⟧&x=1
⟦e:jürgen@müller.de⟧ hat geschrieben
⟦e:info@xn--mller-kva.de⟧ bounced
⟦e:"jane doe"@contoso.com⟧ is legal
uid=⟦e:jane@contoso.com⟧,ou=people,dc=contoso
To: ⟦e:a@b.co⟧, ⟦e:c@d.info⟧; ⟦e:e_f@g.museum⟧
Contact me (⟦e:jane@contoso.com⟧).
UPDATE users SET mail='⟦e:j-d@contoso.com⟧' WHERE id=3;
ERROR user ⟦e:jane@contoso.com⟧: quota exceeded
sip:⟦e:alice@atlanta.com⟧;transport=tcp
xmpp/⟦e:jane@chat.contoso.com⟧/phone
root@web1:~# ls
jane@db-01:/var/log$ tail -f x
[ops@node-3.cluster.local ~]$ uptime
git@github.com:contoso/app.git
ssh deploy@10.0.0.17
scp x.tgz ops@bastion:/tmp
Message-ID: <20260320210500.12345@mx1.contoso.com>
Call-ID: a84b4c76e66710@pc33.atlanta.com
@contoso/app@1.4.2 and left-pad@1.3.0
img/logo@2x.png
@Override public String toString()
npm install react@18.2.0 typescript@5.4
user@host
a @ b . com
kernel: usb 1-1@bus.0 reset
alice@EXAMPLE.COM principal in keytab? ⟦e:alice@contoso.com⟧ surely
"""

PHONES: Final = r"""
Tel. ⟦p:+1 (415) 555-2671⟧, ask for Jane
call me at ⟦p:415-555-2671⟧ after 5
phone: ⟦p:(415) 555-2671⟧
mobile ⟦p:4155552671⟧
fax ⟦p:415.555.2671⟧
CallerID "⟦p:+14155552671⟧" <sip>
From: <sip:⟦p:+14155552671⟧@10.0.0.5:5060;user=phone>;tag=1928301774
ring ⟦p:+44 20 7946 0018⟧ or ⟦p:+44 (0)20 7946 0018⟧
mob. ⟦p:+44 7700 900123⟧
Telefon ⟦p:+49 (0)30 901820⟧
Rückruf: ⟦p:+49-171-1234567⟧
tél. ⟦p:+33 1 42 68 53 00⟧
portable ⟦p:+33612345678⟧
telefono ⟦p:+39 06 6982 1234⟧
tlf ⟦p:+34 912 345 678⟧
gsm ⟦p:+32 470 12 34 56⟧
bel ⟦p:+31 20 123 4567⟧
⟦p:+41 44 668 18 00⟧ is the reception in Zürich
⟦p:+46 8 123 456 78⟧ svarar inte
⟦p:+81 3-1234-5678⟧ に電話
⟦p:+91 98765 43210⟧ whatsapp
⟦p:+61 2 9374 4000⟧ Sydney office
⟦p:+55 11 91234-5678⟧ (Brasil)
⟦p:+48 22 123 45 67⟧ Warszawa
from abroad ⟦p:0049 30 901820⟧
phone=⟦p:%2B14155552671⟧&x=1
"phone":"⟦p:+14155552671⟧"
⟦p:1-800-356-9377⟧ toll free
<tel>⟦p:(212) 555 0187⟧ ext. 12</tel>
tel:⟦p:+1-201-555-0123⟧
dialled 2671, extension x4410
DN 4410 on CUCM registered, partition 5
port 5060 5061 5062 open
2026-03-20 21:05:00
20260320 2105 000
192.168.100.200 -> 10.20.30.40
CSeq: 314159 INVITE
Max-Forwards: 70 Content-Length: 142
o=alice 2890844526 2890844526 IN IP4 10.0.0.1
z9hG4bK776asdhds branch, tag=1928301774
pid 4155552 tid 671 rss 123-456-7890-1
errno -2147467259 (0x80004005)
IMEI 353280111987658
total 1,415,555,267 bytes
case 1234567890 opened; CVE-2024-3094
RFC 3261 section 8.1.1.7
build 2024.415.555.2671
version 1.415.555-2671
+1 day, +15 minutes
{"bytes": 4155552671}
"""


def _read(text: str) -> tuple[tuple[str, tuple[tuple[Sensitive, str], ...]], ...]:
    """The lines without their marks, each with what was marked."""
    marked = re.compile("⟦([cisep]):(.*?)⟧")
    return tuple(
        (
            marked.sub(r"\2", line),
            tuple((KINDS[letter], value) for letter, value in marked.findall(line)),
        )
        for line in text.strip("\n").split("\n")
    )


_KEY: Final = "\r\n".join(
    ("-----BEGIN RSA PRIVATE KEY-----", "MIIEow0KCAQEA7b", "q83vEjRWeJ", "-----END RSA PRIVATE KEY-----")
)
SECOND: Final = (
    *(line for text in (CARDS, IBANS, SECRETS, EMAILS, PHONES) for line in _read(text)),
    (f"{_KEY}\r\n", ((Sensitive.SECRET, _KEY),)),
)
