"""Which kinds of channel there are: files of `dashboard/notify/kinds/` and entry points."""

from __future__ import annotations

from collectors.kinds import Kinds
from dashboard.notify import kinds as folder
from dashboard.notify.contract import ChannelKind

GROUP = "burnline.channels"
_CHANNELS = Kinds("channel", folder, "CHANNEL", ChannelKind, GROUP)

kinds, load = _CHANNELS.names, _CHANNELS.load
