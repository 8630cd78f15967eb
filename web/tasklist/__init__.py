"""An officer's work: lists, notices, starting a procedure, completing a task."""
