"""What is published as open data: the catalogue, the feed, the page for developers, the figures of the goals."""
