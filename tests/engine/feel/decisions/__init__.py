"""Decisions as an analyst sees them: small models written out, asked, and their answers read."""
