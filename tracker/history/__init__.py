"""Who changed what, when. Append-only on both databases."""
