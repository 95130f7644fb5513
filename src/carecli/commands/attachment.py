"""Files on a case."""

from carecli.commands.declared import Family

app = Family("Files on a case: attached, listed, fetched, looked through.")
