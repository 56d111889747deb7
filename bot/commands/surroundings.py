"""The environment that settings are read from: the process's own, over the `.env` file.

What asks a service from a pipeline (`gate check`, `gate record`) does not read the file: in a checkout whoever wrote
the commit decides what stands in it.
"""

import os

from config.dotenv import BadLine, Dotenv, find
from config.settings import SettingFault, Settings, SettingsError, load_settings


def environment() -> dict[str, str]:
    """Names and values. Raises SettingsError for a file that cannot be used."""
    found = find(os.environ)
    if found.faults:
        raise SettingsError(tuple(_fault(found, one) for one in found.faults))
    return found.beneath(os.environ)


def configured() -> Settings:
    """The settings of this process. Raises SettingsError with every fault."""
    return load_settings(environment())


def _fault(found: Dotenv, bad: BadLine) -> SettingFault:
    place = f"{found.path}:{bad.line}" if bad.line else str(found.path)
    return SettingFault.of(place, bad.code, reason=bad.reason)
