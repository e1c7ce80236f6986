"""The Pyramid application: site, portal, bench, API."""
