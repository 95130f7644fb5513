"""Incidents: declared, described, reported."""

from carecli.commands import incident_actions, incident_course, incident_reports
from carecli.commands.declared import Family

app = Family("Incidents: declared, described, reported.", otherwise="declare")
app.take("declare", incident_course.declare)
app.take("describe", incident_course.describe)
app.take("show", incident_course.show)
app.take("affect", incident_course.affect)
app.take("post-mortem", incident_course.post_mortem)
app.take("action", incident_actions.app)
app.take("request", incident_reports.request)
app.take("report", incident_reports.report)
