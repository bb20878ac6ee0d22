"""Budget follow-up: periods, what projects report in them, the ledger, and what must agree with what."""
