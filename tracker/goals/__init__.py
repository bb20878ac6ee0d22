"""The goal catalogue: editions of goals and aspects, questions, concepts, assignments. Knows no projects."""
