"""The laboratory for occupational-injury insurance of platform workers."""

__version__ = "0.1.0"
