"""What a chat makes of a case (CHAT-1)."""

from datetime import datetime, timedelta

from carecli.domain.case import Case
from carecli.domain.chat import Chat
from carecli.domain.events import Event
from carecli.domain.folding import acts
from carecli.domain.rules import Rules
from carecli.domain.vocabulary import Side


def started(case: Case, event: Event, rules: Rules) -> Case:
    """A chat begins."""
    told = event.data
    contacts = (event.actor,) if told["side"] == Side.CONTACT else ()
    chat = Chat(
        told["chat"], event.actor, event.at, _idle_at(event.at, rules), tuple(told["asked"]), contacts=contacts
    )
    return case._replace(chats=chat.id, chat=chat)


def chatted(case: Case, event: Event, rules: Rules) -> Case:
    """A line: to the case it is an update, to the chat a sign that somebody is there."""
    after = acts.acted(case, event, rules)
    chat = case.chat
    if chat is None:
        return after
    by_staff = event.data["side"] == Side.STAFF
    contacts = chat.contacts if by_staff else tuple(dict.fromkeys((*chat.contacts, event.actor)))
    return after._replace(
        chat=chat._replace(
            idle_at=max(chat.idle_at, _idle_at(event.at, rules)),
            lines=chat.lines + 1,
            contacts=contacts,
            answered=chat.answered or by_staff,
        )
    )


def ended(case: Case, _event: Event, _rules: Rules) -> Case:
    """A chat is over."""
    return case._replace(chat=None)


def _idle_at(at: datetime, rules: Rules) -> datetime:
    return at + timedelta(minutes=rules.policy.chat.idle_minutes)
