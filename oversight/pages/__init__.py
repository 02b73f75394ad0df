"""What pages of this app show, put together in frozen dataclasses."""
