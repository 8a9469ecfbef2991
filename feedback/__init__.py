"""What readers and agents said and did, and what follows from it.

Knows an article only by its id, language and revision.
"""
