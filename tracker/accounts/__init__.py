"""Users, roles and what each may do."""
