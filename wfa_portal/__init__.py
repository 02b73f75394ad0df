"""The wiring of the portal: settings, addresses, entry points for servers. No models."""
