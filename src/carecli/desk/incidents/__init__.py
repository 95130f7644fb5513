"""Incidents: declared, described, those affected told, actions watched, the report written and sent."""
