"""The mail room's tests share one real desk."""

from desk_fixtures import office, template

__all__ = ["office", "template"]
