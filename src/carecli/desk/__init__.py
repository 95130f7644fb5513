"""The use cases: read, decide, append; transactions, identity and the present moment live here."""
