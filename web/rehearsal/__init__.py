"""Rehearsal: scenarios (D14), which are the analysts' tests, and the demonstration (D4).

Both act through the engine's verbs and nothing else, under a clock that they set.
"""
