"""The whole register in one file, and back. Knows the databases and their tables, not what they are about."""
