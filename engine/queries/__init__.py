"""The read side: rows only, permission applied inside. No engine state is ever loaded here."""
