"""Dates as the portal writes them, where Django's own forms differ."""
