"""What carries each obligation of the two documents, and which scenario proves it.

The page (web/tracing/pages.py) and `liandong trace` show the same `Trace`.
"""
