"""A tenant's programmes: how pairs meet, for how long, who may join, who hears of a silence."""
