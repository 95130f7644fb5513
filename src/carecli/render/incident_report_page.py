"""An incident report as one HTML file that needs nothing else: style and picture are in it, no script (INC-3)."""

from carecli.domain.incident_report import Report
from carecli.render import incident_report
from carecli.render.html_layout import layout
from carecli.render.incident_picture import picture


def page(report: Report) -> str:
    """The report as a page; whatever people wrote stands there as text."""
    zone = report.zone
    return layout("incident_report").render(
        title=report.title,
        account=report.account,
        facts=list(incident_report.facts(report)),
        going_on=report.restored_at is None,
        first=list(incident_report.before_the_plan(report)),
        actions=[
            (one.text, one.owner, incident_report.day(one.due_at, zone), incident_report.state(one, zone))
            for one in report.actions
        ],
        no_actions=incident_report.without_actions(report),
        last=list(incident_report.after_the_plan(report)),
        picture=picture(report),
        moments=[(incident_report.when(one.at, zone), one) for one in report.timeline],
        at=incident_report.when(report.at, zone),
        zone=zone,
    )
