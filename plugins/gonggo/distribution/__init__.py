"""Distribution: what is published, as files that any web server can serve, with a manifest and a DCAT catalogue."""
