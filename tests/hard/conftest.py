"""The busy desk, made once; the tests here are the slow ones, as what they prove is worth it."""

from collections.abc import Callable
from functools import cache

import pytest
from desk_fixtures import office, template
from hard import crowd
from postoffice import known, mailboxes

from carecli.config import Config

__all__ = ["known", "mailboxes", "office", "template"]


@pytest.fixture(scope="session")
def busy(template: Config, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A desk at which two thousand timers are due (`crowd`)."""
    return crowd.build(template, tmp_path_factory.mktemp("busy"))


@pytest.fixture(scope="session")
def alone(busy: Config, tmp_path_factory: pytest.TempPathFactory) -> Callable[[tuple[str, ...]], crowd.Whole]:
    """What a tick with some options leads to there when nobody disturbs it."""
    return cache(lambda how: crowd.undisturbed(busy, tmp_path_factory.mktemp("alone"), how))
