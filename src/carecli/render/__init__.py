"""Values in, something to read out: documents, sheets, terminal tables, delimited text."""
