"""The guide inside the portal: its chapters, for whom each is written, and where they are read."""
