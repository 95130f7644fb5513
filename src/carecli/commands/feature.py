"""Feature requests: evaluated, planned, delivered."""

from carecli.commands.declared import Family

app = Family("Feature requests: evaluated, planned, delivered.")
