"""Logs in and out: XES files become histories, and histories become XES, JSONL or CSV."""
