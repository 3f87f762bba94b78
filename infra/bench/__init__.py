"""`make bench`: what the back office costs, beside what it may cost, as counts and ratios."""
