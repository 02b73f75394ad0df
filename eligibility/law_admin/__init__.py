"""The administration of the law."""
