"""The commands; each is a thin wrapper of the public face, and imports what is heavy when it runs."""
