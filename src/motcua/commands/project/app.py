"""This application: Pyramid with motcua's portal, bench and API over our own rules."""

from pyramid.config import Configurator


def main(global_config=None, **settings):
    """Make the WSGI application; the settings come from development.ini."""
    with Configurator(settings=settings) as config:
        config.include("motcua")
    return config.make_wsgi_app()
