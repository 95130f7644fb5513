"""The record in a PostgreSQL database: the store of a team on many machines."""
