"""Scanned stacks with known truth: what is in them (`plan`), how their pages look (`drawing`, `sheets`)."""
