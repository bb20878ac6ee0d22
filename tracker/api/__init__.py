"""The register as JSON, to read and to write with a token, at /api/v1."""
