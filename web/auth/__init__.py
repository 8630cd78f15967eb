"""Signing in and out, and who is looking."""
