"""Evidence: the bytes that the journal knows by their hash, kept sealed and shown with care.

Bytes are stored before the event that names them is recorded, so an event never promises what is
not there; what was stored for an event that never came is swept up later.
"""
