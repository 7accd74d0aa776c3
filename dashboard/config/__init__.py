"""What the user wrote in config.toml, checked whole and turned into frozen values."""

from dashboard.config.loading import Asked, Config, Service, load
from dashboard.config.sources import SourceDef

__all__ = ["Asked", "Config", "Service", "SourceDef", "load"]
