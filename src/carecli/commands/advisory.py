"""Service advisories: published, read, subscribed to."""

from carecli.commands.declared import Family

app = Family("Service advisories: published, read, subscribed to.")
