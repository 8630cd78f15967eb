"""The page of an instance: diagram, limits, messages, documents, history."""
