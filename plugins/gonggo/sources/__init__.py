"""Sources: the catalogue of sites, and an adapter family for each kind of site software or service."""
