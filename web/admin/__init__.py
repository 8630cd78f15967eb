"""The directory of agencies, units and people, for its administrators."""
