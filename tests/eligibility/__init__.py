"""Tests of the engine, the law and its pages."""
