"""The engine of Liandong. Callers use what this module exports and nothing below it."""
