"""卷宗: a request's whole file as one paginated PDF, and as a zip with digests."""
