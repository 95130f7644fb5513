"""Notices to people and the ways by which they leave."""
