"""The sanitising scanner: what of a customer's data stands in a file, and a copy without it (ATT-2)."""
