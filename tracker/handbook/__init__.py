"""The handbook and the accessibility statement, shown by the product itself."""
