"""What people look at."""

from typing import Final

from hard.busy.people import BY_ACCOUNT, CUSTOMERS, GROUPS, MANAGERS
from hard.busy.worker import WORDS, Worker

from carecli.desk import explaining, forecast, home, reading, reporting, similar
from carecli.desk.advisories import reading as advisories
from carecli.desk.attachments import reading as files
from carecli.desk.doctor import examine, pulse
from carecli.desk.knowledge import articles
from carecli.desk.mail import outbox, triage
from carecli.desk.reporting import Question
from carecli.desk.verify import verify
from carecli.domain.finding import Filter
from carecli.domain.outbox import MailState
from carecli.domain.vocabulary import Priority


def show(w: Worker) -> None:
    """One case."""
    case = w.case()
    reading.show(w.by(w.customer(case) if w.draw.random() < 0.4 else w.agent()), case.number)


def listed(w: Worker) -> None:
    """The own queue, or the own cases."""
    reading.list_cases(w.by(w.agent() if w.draw.random() < 0.6 else w.customer()))


def listed_all(w: Worker) -> None:
    """A page of everything, filtered and sorted as one likes."""
    asked = Filter(priority=w.draw.choice((None, Priority.HIGH)), closed=w.draw.random() < 0.3)
    sort = w.draw.choice(("modified", "opened", "priority", "subject"))
    if w.draw.random() < 0.5:
        reading.list_cases(
            w.by(w.agent()), everything=True, filter_=asked, sort=sort, page=w.draw.choice((1, 1, 2))
        )
    else:
        reading.list_cases(w.by(w.customer()), group=True, filter_=asked, sort=sort)


def listed_group(w: Worker) -> None:
    """The queue of a product group."""
    reading.list_cases(w.by(w.agent()), in_group=w.draw.choice(GROUPS))


def log(w: Worker) -> None:
    """A case's history."""
    case = w.case()
    reading.log(w.by(w.customer(case) if w.draw.random() < 0.4 else w.agent()), case.number)


def search(w: Worker) -> None:
    """Words, or a number."""
    words = str(w.number()) if w.draw.random() < 0.2 else " ".join(w.draw.sample(WORDS, 2))
    reading.search(w.by(w.customer() if w.draw.random() < 0.4 else w.agent()), words)


def at_home(w: Worker) -> None:
    """`care` without arguments."""
    home.home(w.by(w.customer() if w.draw.random() < 0.5 else w.agent()))


def explain(w: Worker) -> None:
    """The proof of a case's clocks."""
    case = w.case()
    explaining.explain(w.by(w.customer(case) if w.draw.random() < 0.4 else w.agent()), case.number)


def coming(w: Worker) -> None:
    """What time will bring to the own cases."""
    forecast.upcoming(w.by(w.agent()), within="2h", mine=True)


def alike(w: Worker) -> None:
    """Cases like one."""
    similar.like_case(w.by(w.agent()), w.number())


def articles_found(w: Worker) -> None:
    """Articles about some words."""
    articles.search(w.by(w.customer()), " ".join(w.draw.sample(WORDS, 2)), limit=10)


def article_shown(w: Worker) -> None:
    """One article, voted on now and then."""
    label, who = f"kb-{w.draw.randrange(1, 22)}", w.customer()
    articles.show(w.by(who), label)
    if w.draw.random() < 0.3:
        articles.vote(w.by(who), label, w.draw.random() < 0.8)


def advisories_read(w: Worker) -> None:
    """The announcements, read now and then."""
    who = w.customer()
    advisories.announcements(w.by(who), 5)
    if w.draw.random() < 0.3:
        advisories.read_all(w.by(who))


def files_listed(w: Worker) -> None:
    """The files of a case."""
    case = w.case()
    files.listed(w.by(w.customer(case)), case.number)


def mail_looked_at(w: Worker) -> None:
    """The mail of a case, what has failed, and what waits in triage."""
    desk = w.by(w.agent())
    outbox.outbox(desk, w.number(), states=(), limit=20)
    outbox.outbox(desk, None, states=(MailState.FAILED, MailState.BOUNCED), limit=20)
    triage.waiting(desk, limit=20)


def health(w: Worker) -> None:
    """What a monitor asks for each minute."""
    pulse(w.by("system"))


def doctor(w: Worker) -> None:
    """Every check."""
    examine(w.by(w.admin()))


def one_verified(w: Worker) -> None:
    """One case held against its events."""
    found = verify(w.by(w.admin()), w.number())
    assert not found.differences, found.differences


def report(w: Worker) -> None:
    """An account's figures of the day."""
    account = w.draw.choice(CUSTOMERS).name
    since = w.now().replace(hour=0, minute=0, second=0)
    reporting.report(w.by(w.draw.choice(MANAGERS)), Question(Filter(account=account, since=since, closed=True)))


def accounts_shown(w: Worker) -> None:
    """Who of a customer may do what."""
    from carecli.desk import directory

    customer = w.draw.choice(list(BY_ACCOUNT.values()))
    directory.contacts(w.by(w.agent()), customer.name)


READS: Final = {
    show: 130,
    listed: 100,
    listed_all: 30,
    listed_group: 20,
    log: 30,
    search: 40,
    at_home: 40,
    explain: 25,
    coming: 10,
    alike: 8,
    articles_found: 20,
    article_shown: 15,
    advisories_read: 10,
    files_listed: 10,
    mail_looked_at: 10,
    health: 12,
    doctor: 0.2,
    one_verified: 4,
    report: 0.5,
    accounts_shown: 5,
}
"""How many of a thousand commands each is."""
