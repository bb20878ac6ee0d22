"""Insatser: measures that need neither geometry nor money, told in plan and annual report beside the projects."""
