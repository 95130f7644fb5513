"""Knowledge articles."""

from carecli.commands.declared import Family

app = Family("Knowledge articles: found, read, written.")
