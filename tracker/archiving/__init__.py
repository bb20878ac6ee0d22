"""The archive delivery: closed periods and closed projects as a folder that needs no program of ours to be read."""
