"""The suite: tests are sentences, one file per behaviour."""
