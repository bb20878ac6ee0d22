"""The catalogue of measures (mått): what is counted, in which unit. Knows no projects."""
