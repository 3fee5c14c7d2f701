"""Figures over GraphQL: what was counted, by which definition, and the cases it comes from."""
