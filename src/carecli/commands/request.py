"""Service requests: acknowledged, decided, signed, completed."""

from carecli.commands.declared import Family

app = Family("Service requests: acknowledged, decided, signed, completed.")
