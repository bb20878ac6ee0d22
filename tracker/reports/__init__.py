"""The report of a period: frozen facts, its files for the board, and closing, which keeps both for ever."""
