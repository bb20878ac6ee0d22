"""What every page shares: headers, error pages, formats, forms, paging. Knows no feature."""
