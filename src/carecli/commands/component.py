"""Which component a case is about."""

from carecli.commands.declared import Family

app = Family("Components: learned, chosen, set.")
