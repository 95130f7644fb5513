"""The family of knowledge commands: articles found and read, written, brought in."""

from carecli.commands import kb_import, kb_reading, kb_writing
from carecli.commands.declared import Family

app = Family("Knowledge articles: found, read, written.")
app.take("search", kb_reading.search)
app.take("show", kb_reading.show)
app.take("list", kb_reading.list_)
app.take("vote", kb_reading.vote)
app.take("add", kb_writing.add)
app.take("edit", kb_writing.edit)
app.take("import", kb_import.import_)
app.take("publish", kb_writing.publish)
app.take("retire", kb_writing.retire)
app.take("from-case", kb_writing.from_case)
app.take("link", kb_writing.link)
app.take("versions", kb_reading.versions)
app.take("diff", kb_reading.diff)
