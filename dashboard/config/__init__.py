"""What the user wrote in config.toml, checked whole and turned into frozen values."""

from dashboard.config.alerting import Alerting
from dashboard.config.loading import Asked, Config, load
from dashboard.config.services import Service
from dashboard.config.sources import SourceDef

__all__ = ["Alerting", "Asked", "Config", "Service", "SourceDef", "load"]
