"""What the portfolio contributes to each goal, in each area: integer arithmetic, exact to the öre."""
