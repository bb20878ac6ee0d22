"""What the budget gives the board: assignments and how they go, indicators, and how far each goal is met."""
