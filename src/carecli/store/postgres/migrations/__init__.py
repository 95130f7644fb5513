"""The tables in PostgreSQL: a script for each version of the schema, never edited once it is released."""
