"""Sources: the catalogue of sites and the families that speak their products."""
