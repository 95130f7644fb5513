"""The family of service advisories: written and published by staff, read and subscribed to by everybody."""

from carecli.commands import advisory_reading, advisory_subscribing, advisory_writing
from carecli.commands.declared import Family

app = Family("Service advisories: published, read, subscribed to.")
app.take("list", advisory_reading.list_)
app.take("show", advisory_reading.show)
app.take("read", advisory_reading.read)
app.take("subscribe", advisory_subscribing.subscribe)
app.take("unsubscribe", advisory_subscribing.unsubscribe)
app.take("subscriptions", advisory_subscribing.subscriptions)
app.take("add", advisory_writing.add)
app.take("edit", advisory_writing.edit)
app.take("publish", advisory_writing.publish)
app.take("withdraw", advisory_writing.withdraw)
