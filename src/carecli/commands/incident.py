"""Incidents: declared, described, reported."""

from carecli.commands.declared import Family

app = Family("Incidents: declared, described, reported.", otherwise="declare")
