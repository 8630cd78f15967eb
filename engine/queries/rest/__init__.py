"""The read side of the REST interface: lists narrowed, sorted, cut; permission applied inside."""
