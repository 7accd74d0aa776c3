"""Promises as files of other tools: text in, values out, and back."""
