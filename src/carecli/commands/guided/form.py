"""The guided form as a whole: the terminal, and the questions on it."""

import sys
from typing import TYPE_CHECKING

from carecli.commands.guided.course import Course
from carecli.commands.guided.screen import Screen
from carecli.commands.questions import Ended, Questions
from carecli.domain.vocabulary import Via

if TYPE_CHECKING:
    from carecli.domain.attaching import Staged


def filled_in(asking: Questions, via: Via | None, *, confirmed: bool) -> "tuple[Ended | None, dict[str, Staged]]":
    """Have the draft filled in: what it came to, and the files that were taken in meanwhile (OPEN-4).

    Raises KeyboardInterrupt where the person stops or the terminal is gone.
    """
    course = Course(asking, via, confirmed=confirmed)
    color = asking.invocation.screen(sys.stderr).color
    course.screen = Screen(color=color, title=course.title, heard=course.heard)
    ended = course.screen.hold(course.conversation())
    return ended, course.staged
