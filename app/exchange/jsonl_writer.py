"""Writes the journal's entries as JSON Lines, so that whoever has the file can check it alone.

The first line is the head: {"format": "wardbook-entries", "version": 1, "size": n, "root": hex,
"filters": {...}}. Each line after it is one entry, in the order of positions:
{"position": p, "leaf_index": p - 1, "leaf_hash": hex, "entry": text}. The UTF-8 bytes of `entry`
are exactly those that were hashed: leaf_hash = SHA-256(0x00 || entry), and the RFC 6962 tree over
all leaves has the root of the head. Where filters left entries out, each line has the entry's
audit path to that root as "proof": [hex, ...].
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from app.journal.envelope import StoredEntry
from domain.merkle import Head

FORMAT: Final = "wardbook-entries"
FORMAT_VERSION: Final = 1

_encode = msgspec.json.Encoder().encode


def head_line(head: Head, filters: Mapping[str, str]) -> bytes:
    """The first line."""
    return _line(
        {
            "format": FORMAT,
            "version": FORMAT_VERSION,
            "size": head.size,
            "root": head.root.hex(),
            "filters": filters,
        }
    )


def entry_line(stored: StoredEntry, proof: Sequence[bytes] | None = None) -> bytes:
    """The line of one entry."""
    line: dict[str, object] = {
        "position": stored.position,
        "leaf_index": stored.position - 1,
        "leaf_hash": stored.leaf_hash.hex(),
        "entry": stored.entry.decode(),
    }
    if proof is not None:
        line["proof"] = [node.hex() for node in proof]
    return _line(line)


def _line(content: Mapping[str, object]) -> bytes:
    return _encode(content) + b"\n"
