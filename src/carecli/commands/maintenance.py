"""Maintenance windows: the next ones, moved, announced."""

from carecli.commands.declared import Family

app = Family("Maintenance windows: the next ones, moved, announced.", otherwise="show")
