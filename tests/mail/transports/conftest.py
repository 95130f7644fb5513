"""Certificates for the servers of these tests, and a desk that sends."""

from desk_fixtures import office, template
from postoffice import known

__all__ = ["known", "office", "template"]
