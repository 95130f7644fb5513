"""The family of mail commands: what goes out, what came in, and what waits for a person."""

from carecli.commands import mail_fetch, mail_in, mail_key, mail_out, triage
from carecli.commands.declared import Family

app = Family("Mail: the outbox, what came in, and what waits in triage.")
app.take("outbox", mail_out.outbox)
app.take("show", mail_out.show)
app.take("deliver", mail_out.deliver)
app.take("resend", mail_out.resend)
app.take("fetch", mail_fetch.fetch)
app.take("receive", mail_in.receive)
app.take("inbox", mail_in.inbox)
app.take("triage", triage.app)
app.take("key", mail_key.app)
