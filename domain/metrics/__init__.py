"""Metrics 指标: what a case's history yields to count, and how figures are made of it."""
