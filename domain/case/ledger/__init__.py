"""The responsibility ledger 责任台账: who answered for a case at each instant, and for how long.

A pure fold of the events of a case in the order in which they occurred (DOMAIN.md section 2,
rule 5, and section 7): `situation` says whose turn it is, `fold` lays the intervals out, `posts`
names whoever held the post at each instant, `account` says whose time was used and who is late.
"""
