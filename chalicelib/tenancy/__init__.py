"""Who asks, for which tenant, with which rights over which territories."""
