"""Made articles of a contact centre with the questions that they answer, and questions that none answers.

Article and questions were written by the same hand, and weights and floor were chosen while figures of these were
looked at: they say how good the ranking can look. What it does with articles that nobody tuned it on, those of
articles_unseen.py say.
"""

from collections.abc import Sequence
from random import Random
from typing import Final, NamedTuple

import articles_unseen
from words import Words


class Sample(NamedTuple):
    """An article, a question that it answers, and a case that it would spare: a subject and a description."""

    title: str
    keywords: str
    body: str
    question: str
    case: str


class Samples(NamedTuple):
    """Articles of one desk, and cases that none of them spares."""

    name: str
    made: Sequence[Sample]
    nothing: Sequence[str]


_ARTICLES: Final = """
Reset a forgotten password | login, sign-in, credentials | An agent who has forgotten the password chooses Forgot password on the sign-in page. A link is mailed and holds for an hour. Supervisors can also reset it under Users. | how do I reset my password | Agent cannot log in, password forgotten / Our new agent forgot his password and the sign-in page refuses him. How do we reset it?
Calls drop after a transfer | sip, session timer, disconnect | When an agent transfers a call and it disconnects after thirty seconds, the session timer of the trunk is shorter than ours. Set it to 1800 seconds on the border controller. | why are transferred calls dropping | Calls drop when transferred / About one call in five disconnects half a minute after the agent transfers it to another queue.
Wallboard shows no data | dashboard, display, empty | A wallboard stays empty when its browser blocks websockets. Allow port 443 to the realtime host, and reload the page. | wallboard is empty | Wallboard empty since this morning / The big screen in the hall shows no data at all, the dashboard in the browser is empty too.
Export of reports ends with an error | csv, download, timeout | Exporting a report of more than three months ends with error 504. Split the time span, or schedule the export overnight, when the limit is higher. | report export fails with 504 | Report download fails / When I export the quarterly report to CSV I get error 504 after a minute.
One-way audio on agent stations | headset, no sound, rtp | Where agents hear callers but are not heard, the firewall closes the RTP ports. Open UDP 16384 to 32768 from the stations to the media servers. | customers cannot hear the agent | Caller hears nothing / One-way audio: our agents hear the customer, but the customer does not hear them.
Agents are logged out after ten minutes | session, idle, timeout | The idle timeout of a session is ten minutes. Administrators raise it under Security, Sessions, up to eight hours. | agents get logged out while idle | Agents logged out all the time / Every ten minutes of inactivity the session ends and agents have to sign in again.
Recordings are missing | playback, retention, storage | Recordings are kept for ninety days unless retention is longer. A recording younger than that and missing was paused by the agent, or its storage bucket refuses writes. | cannot find call recordings | Recordings missing from last week / We cannot find the recordings of several calls of last Tuesday in the player.
Add a holiday to the business calendar | hours, closed, opening times | Under Schedules choose Calendars, then Add holiday. Callers hear the closed message on that day, whatever the opening times. | how to set a public holiday | Public holiday next Monday / We are closed next Monday. How do we add the holiday to the calendar so that callers hear the closed message?
Change the greeting of a queue | prompt, announcement, wav | Upload a WAV file of 8 kHz mono under Prompts and choose it as the greeting of the queue. It is heard within a minute. | upload a new welcome announcement for a queue | New greeting wanted / How can we replace the announcement that callers hear when they enter the sales queue?
Skills-based routing sends calls to the wrong agents | skill, proficiency, assignment | Agents get calls of a skill that they were given with a proficiency above zero. Check the proficiency, and that the queue asks for it. | wrong agents receive calls routing by skill | Calls are routed to the wrong agents / Spanish callers are offered to agents without the Spanish skill.
Single sign-on with SAML fails | sso, idp, certificate | When SAML answers with an invalid signature, the certificate of the identity provider has changed. Upload the new one under Security, Single sign-on. | saml invalid signature | SSO login fails for everyone / Since our identity provider renewed its certificate, single sign-on says the signature is invalid.
Set up two-factor authentication | mfa, otp, phone | Every user turns it on under Profile, Security. Scan the code with an authenticator app; keep the ten backup codes. | enable mfa for users | Two-factor authentication / How can our agents turn on a second factor with an authenticator app?
Lost authenticator device | mfa, backup code, otp | Sign in with one of the backup codes. Where these are lost too, an administrator removes the factor under Users. | phone with authenticator lost | Agent lost his phone / An agent lost the phone with the authenticator and has no backup code, he cannot pass the second factor.
Import contacts into an outbound campaign | dialer, list, csv | A list is a CSV file in UTF-8 with one phone number a line in E.164. Rows with other numbers are left out and listed in the report. | upload list of numbers for the dialer | Contact list import / The campaign import leaves out half of the rows of our CSV list, phone numbers are refused.
The dialer stops in the middle of a campaign | outbound, abandon rate, pacing | The predictive dialer stops where the abandon rate passes three per cent, as regulators ask. Lower the pacing, or staff more agents. | outbound campaign stopped dialing | Campaign halts / Our outbound campaign stops dialing every afternoon although there are numbers left on the list.
Callers wait although agents are ready | queue, idle, available | Agents in the state Ready with another channel busy are not offered calls. Look at the capacity of the agent's channels. | agents idle but callers waiting in queue | Callers wait, agents idle / There are callers in the queue and agents in Ready, but no call is offered to them.
Screen pop opens the wrong customer | crm, lookup, ani | The screen pop looks the caller up by the calling number. Where several customers share it, choose the newest, or ask for the customer number in the menu. | crm shows wrong customer on incoming call | Wrong record pops up / When a call arrives the CRM opens another customer than the one that calls.
Integrate Salesforce | crm, package, connector | Install the managed package, give the integration user the permission set, and enter the consumer key under Integrations. | connect salesforce | Salesforce connector / We would like to connect our Salesforce with the agent desktop, how is the package installed?
Chat widget does not appear on the website | messaging, script, cors | The chat widget loads only on domains that stand under Channels, Web chat, Allowed domains. Add yours with and without www. | web chat button missing | Chat button gone / Since we moved to a new domain the chat widget no longer appears on our website.
Emails are not delivered to the queue | smtp, forwarding, mailbox | Forward the mailbox to the address of the queue, and allow forwarding of external mail at your provider. Messages above 25 MB are refused. | inbound mail does not reach agents | E-mail channel silent / Customer mails to our support mailbox are no longer offered to the agents in the email queue.
Outgoing mails land in spam | spf, dkim, dmarc | Add our include to the SPF record of your domain and publish both DKIM keys. Check with the tester under Channels, Mail. | our replies go to the junk folder | Our answers are treated as spam / Customers find the replies of our agents in their junk folder.
Voicemail is not sent by mail | message, notification, greeting | Turn on Send as mail for the voicemail box and enter an address. The recording is attached as MP3. | get voicemail messages as email | Voicemail by mail / We want the voicemail messages of the night queue in our mailbox, nothing arrives.
Callback at the caller's wish | virtual hold, queue, return call | With Callback turned on, callers press 1 and keep their place. The dialer returns the call when their turn comes. | offer callers to be called back | Call me back option / Can callers in the queue choose to be called back instead of waiting?
Change the caller id of outgoing calls | ani, cli, number shown | The number that is shown is that of the queue, or of the agent where the queue has none. Numbers must be verified first. | which number do customers see when we call | Wrong number displayed / Customers see the main number of our company when an agent dials out, it should be that of the queue.
Port a phone number to us | porting, carrier, letter | Send the signed letter of authorisation and a bill not older than a month. Porting takes ten working days. | move our phone numbers from another carrier | Number porting / We want to move our service number from the old carrier to you. What is needed?
Latency and choppy audio | jitter, quality, network | Choppy audio comes from jitter above 30 ms or packet loss above one per cent. Run the network test on the station, and use a wired network. | voice quality bad choppy robotic | Bad voice quality / Since Monday calls sound robotic and choppy for agents who work from home.
Headset is not recognised | usb, microphone, browser | Give the browser permission to use the microphone, then choose the headset under Audio. Bluetooth headsets need their USB dongle. | browser does not find my headset | Headset not found / The agent desktop does not recognise our new USB headset, the microphone list is empty.
Agent desktop stays blank | white page, cache, browser | A blank page after an update is cured by a hard reload. Where it is not, clear the cache of the site and allow third-party cookies. | agent desktop white screen | Blank desktop / After the update last night the agent desktop shows a white page only.
Statistics differ between report and dashboard | realtime, historical, time zone | The dashboard counts from midnight in the zone of its viewer, reports in that of the desk. Set both to the same zone. | numbers in report do not match dashboard | Totals differ / The number of answered calls in the daily report is not that of the dashboard.
Schedule a report by mail | recurring, subscription, pdf | Open the report, choose Subscribe, and enter who gets it and when. It is sent as PDF and CSV. | send report automatically every week | Weekly report by mail / How do I have the service level report sent to the management every Monday?
Meaning of service level | sla, threshold, formula | Service level is the share of calls answered within the threshold, of all offered less those abandoned sooner. | how is service level calculated | Service level formula / How is the service level in the queue report calculated, do short abandons count?
Supervisor cannot listen in on calls | monitoring, whisper, barge | Listening in needs the permission Monitor for the agent's team, and is not possible on encrypted stations. | supervisor monitoring of live calls not working | Silent monitoring / Our supervisors can no longer listen in on live calls of their team.
Add a user | account, licence, invite | Under Users choose Invite, enter the mail address and a role. The invitation holds for a week. A licence is used once it is accepted. | create a new user account | New colleague / Please tell me how to create an account for a new supervisor.
Deactivate a user who has left | licence, delete, leaver | Deactivate the user under Users; the licence is free at once. Recordings and statistics stay. | remove an employee who left | Employee left / A colleague left the company, how do we remove the account and free the licence?
Licence limit reached | seats, concurrent, sign-in refused | Sign-in is refused where all concurrent licences are used. See who is signed in under Licences, or order more seats. | no free seats when agents sign in | Sign-in refused, no licence / In the morning the last agents cannot sign in: licence limit reached.
API answers with 429 | rate limit, throttling, rest | More than 300 requests a minute are answered with 429. Wait as long as Retry-After says, and use the bulk endpoints. | rest api too many requests | Integration fails with 429 / Our integration gets the answer 429 too many requests from the REST API.
Create an API token | oauth, client, secret | Under Integrations choose API clients, Add. The secret is shown once. Tokens live an hour; ask for a new one with the client id. | get api credentials | API access / How do we get a client id and secret for your interface?
Webhook events do not arrive | notification, callback url, tls | Webhooks need an address with a valid certificate that answers within five seconds. After ten failures they are paused; resume them under Integrations. | webhooks stopped | No webhooks any more / Our server no longer receives webhook notifications since yesterday.
IVR menu does not accept key presses | dtmf, menu, tones | Key presses are sent as RFC 2833. Where the carrier sends them in the audio, turn on In-band detection on the trunk. | phone menu ignores dtmf | Menu ignores the keys / Callers press 1 in the menu and nothing happens, the tones are ignored.
Speech recognition misunderstands callers | bot, language, grammar | Choose the language model of the callers' country, and add names of products as hints. | voice bot does not understand | Bot misunderstands / The voice bot keeps misunderstanding the names of our products.
Play music on hold | waiting music, mp3, hold | Upload the music as MP3 under Prompts, and choose it as Hold music of the queue. Mind the rights. | change the waiting music | Hold music / Callers complain about the music on hold, how can we change it?
Emergency calls from agent stations | 911, 112, location | Each station needs an address before emergency calls are allowed. Enter it under Stations, Locations. | dial 112 from a station | Emergency calls / Is it possible to dial 911 from the agent stations, what about the location?
Block a nuisance caller | blacklist, spam call, number | Under Routing choose Blocked numbers and add the number with or without a pattern. Callers hear busy. | block a phone number | Nuisance caller / Somebody calls us thirty times a day, how do we block this number?
Survey after the call | csat, feedback, rating | Turn on Survey for the queue and choose the questions. Answers stand in the report Satisfaction. | customer satisfaction survey after a call | Survey wanted / We would like to ask callers for a rating when the agent hangs up.
Disposition codes are not shown to agents | wrap-up, reason, after-call work | A wrap-up code is shown to agents of the queues that it is assigned to. Assign it under Wrap-up codes. | wrap-up codes missing for agents | Wrap-up codes missing / After a call agents see no wrap-up codes to choose from.
After-call work ends too soon | wrap-up, acw, timer | The time for wrap-up is set at the queue; 0 is without end. Agents cannot extend it. | extend acw time | Too little time after calls / Agents need more time for after-call work before the next call comes.
Encrypt recordings with your own key | security, kms, storage | Create a key in your key service, allow our role to use it, and enter its name under Security, Encryption. | bring own encryption key | Own key / Our security team asks to encrypt the call recordings with a key of our own.
Personal data on request of a customer | gdpr, erase, privacy | Under Privacy choose Find person and enter number or mail. Export or erase what is found; recordings are included. | delete data of a person gdpr | Erasure request / A customer demands that we erase all personal data about her under GDPR.
Which addresses to allow in the firewall | ip ranges, ports, proxy | The list of our networks is at Help, Networks. It changes with a notice of thirty days. | ip addresses for firewall | Firewall rules / Our network team needs the IP ranges and ports that must be open for your service.
Supported browsers | chrome, firefox, edge | The last two versions of Chrome, Edge and Firefox are supported. Safari works without screen sharing. | which browser can I use | Browser question / Which browsers and versions does the agent desktop support?
"""  # noqa: E501 - a table

NOTHING: Final = (
    "Invoice is wrong\nThe invoice of February charges us for seats that we gave back in January.",
    "Meeting next week\nCould our account manager come to Hamburg next week to discuss the contract?",
    "Feature wish: dark mode\nOur night shift would like a darker colour scheme.",
    "Fax line dead\nThe facsimile at our warehouse gets no tone from the wall socket.",
    "Training for new staff\nDo you offer a course at our premises for beginners?",
    "Printer does not print labels\nThe label printer in the storehouse prints empty stickers.",
    "Question about the contract\nWhen does our agreement end, and what is the period of notice?",
    "Translation into Polish\nThe menus of the mobile app are in English for our colleagues in Warsaw.",
    "Lift is stuck\nThe elevator at headquarters has been stuck between two floors since noon.",
    "Please delete my previous request\nI sent the same thing twice by mistake, sorry.",
    "Thank you\nEverything works again, thanks a lot for the quick help of yesterday.",
    "Weather feed for the intranet\nWe want to embed a forecast in our start page.",
    "Laptop battery swollen\nThe notebook of a colleague has a bulging battery, is it under warranty?",
    "Kitchen equipment order\nTwelve coffee machines were ordered, eleven arrived.",
    "Ergonomics of desks\nHow high must a table be for standing work?",
    "Parking permit\nOur technician needs a permit for the garage on Thursday.",
    "Typing error on the home page\nThe word 'accomodation' is misspelt in the footer of your brochure site.",
    "Price list\nPlease send the current prices for the premium tier.",
    "Certificate ISO 27001\nOur auditors ask for the current certificate of your company.",
    "Slow spreadsheet\nA workbook with macros takes ten minutes to open on the file server.",
)
"""Cases that no article spares, many with a word in common with one."""


def samples() -> tuple[Samples, Samples]:
    """Those that weights were chosen on, and those that came after."""
    return (
        Samples("contact centre, chosen on", _read(_ARTICLES), NOTHING),
        Samples("other products, held out", _read(articles_unseen.ARTICLES), articles_unseen.NOTHING),
    )


def _read(table: str) -> list[Sample]:
    rows = [line.split(" | ") for line in table.strip().splitlines()]
    return [
        Sample(title, keywords, body, question, case.replace(" / ", "\n", 1))
        for title, keywords, body, question, case in rows
    ]


def slipped(text: str, random: Random) -> str:
    """The text with a slip of the hand in every word of five letters or more."""
    return " ".join(_slip(word, random) if len(word) >= 5 and word.isalpha() else word for word in text.split())


def _slip(word: str, random: Random) -> str:
    place = random.randrange(1, len(word) - 1)
    letter = random.choice("aeiorstn")
    how = random.randrange(4)
    if how == 0:
        return word[:place] + word[place + 1 :]
    if how == 1:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if how == 2:
        return word[:place] + word[place] + word[place:]
    return word[:place] + letter + word[place + 1 :]


def fillers(count: int, seed: int = 5) -> list[tuple[str, str]]:
    """Titles and bodies of articles about nothing that is asked."""
    random = Random(seed)
    words = Words(random)
    return [(words.text(4, 8).rstrip("."), words.text(60, 120)) for _ in range(count)]
