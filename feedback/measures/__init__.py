"""Figures of any period: what was searched, voted, flagged, mended, and how sure each share is.

All is read from sums and rows that are there anyway, and depends on no reader.
"""
