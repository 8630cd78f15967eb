"""The pages of a document: its pages, versions, edits, digests, receipts."""
