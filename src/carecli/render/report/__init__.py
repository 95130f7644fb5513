"""A report for people and programs: on a terminal, as JSON, a page with pictures, a workbook (RPT-1)."""
