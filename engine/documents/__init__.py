"""Documents of a request: rendered from its letters, edited before they are sealed, issued."""
