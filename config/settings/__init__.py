"""Where the process runs and with which secrets: from the environment, each name also as `NAME_FILE`."""

from config.settings.capabilities import Capability, State, System
from config.settings.faults import SettingFault, SettingsError
from config.settings.load import load_settings
from config.settings.model import ForgeMode, PagingFormat, ReportAs, Settings

__all__ = [
    "Capability",
    "ForgeMode",
    "PagingFormat",
    "ReportAs",
    "SettingFault",
    "Settings",
    "SettingsError",
    "State",
    "System",
    "load_settings",
]
