"""Accounts of people: register, sign in, sign out, change the password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua.dossiers import GuessingBrake, Throttle
from motcua.web.accounts.resources import AccountPlace, Login, Register
from motcua.web.site.languages import _

if TYPE_CHECKING:
    from pyramid.config import Configurator


#: Accounts that may be opened from one address within five minutes: each costs a hash, and stays.
MOST_OPENED = 30


def includeme(config: Configurator) -> None:
    """Register the sections, their entries in the header, and the brakes on guessing and on opening accounts."""
    config.registry.motcua_opened = Throttle(MOST_OPENED)
    config.registry.motcua_sign_in_brake = GuessingBrake()
    config.add_section("login", Login)
    config.add_section("account", AccountPlace)
    config.add_navigation(_("Sign in"), "login", place="account", shown="visitor", order=10)
    config.add_navigation(_("Your account"), "account", place="account", shown="account", order=90)
    if config.registry.settings["motcua.registration"]:
        config.add_section("register", Register)
        config.add_navigation(_("Open an account"), "register", place="account", shown="visitor", order=20)
    config.scan(__name__)
